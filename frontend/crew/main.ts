import '$shared/tokens.css';
import '$shared/base.css';
import './crew.css';
import { mount } from 'svelte';
import App from './App.svelte';

mount(App, { target: document.getElementById('app') as HTMLElement });

// From now on this page opens without a link, too. A browser that cannot do it needs one.
if (import.meta.env.PROD && 'serviceWorker' in navigator) {
  void navigator.serviceWorker.register('/sw.js', { scope: '/crew' }).catch(() => undefined);
}
