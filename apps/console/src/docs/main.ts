import { init } from 'redoc/bundles/redoc.standalone.js';
import { redocWords } from './redoc-words';

import './docs.css';
import './without-worker';

const { lang } = document.documentElement;
if (lang === 'zh-CN') globalThis.harkRedocWords = redocWords;
// Nothing is told to Redocly, nor could be: the page's policy lets no other host be asked.
init(`/openapi.json?lang=${lang}`, { disableTelemetry: true, router: 'hash' }, document.getElementById('reference'));
