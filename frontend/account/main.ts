import '$shared/tokens.css';
import '$shared/base.css';
import '$shared/page.css';
import { mount } from 'svelte';
import Account from './Account.svelte';

mount(Account, { target: document.getElementById('app') as HTMLElement });
