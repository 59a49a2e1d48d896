import '$shared/tokens.css';
import '$shared/base.css';
import { mount } from 'svelte';
import Strip from './strip/Strip.svelte';

mount(Strip, { target: document.getElementById('app') as HTMLElement });
