export { privateFolder } from './private-folder';
