import '$shared/tokens.css';
import '$shared/base.css';
import '$shared/page.css';
import { mount } from 'svelte';
import Landing from './Landing.svelte';

mount(Landing, { target: document.getElementById('app') as HTMLElement });
