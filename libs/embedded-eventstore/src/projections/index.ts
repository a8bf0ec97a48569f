export { ProjectedLog, type ProjectedLogOptions } from './projected-log';
