import '$shared/tokens.css';
import '$shared/base.css';
import '../desk/desk.css';
import { mount } from 'svelte';
import App from './App.svelte';

mount(App, { target: document.getElementById('app') as HTMLElement });
