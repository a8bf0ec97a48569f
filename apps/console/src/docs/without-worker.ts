/**
 * Redoc's search makes a worker out of a text where there are workers, which the page's policy forbids; where there are
 * none it searches in the page. Before Redoc is loaded, hence a file of its own.
 */
Reflect.deleteProperty(globalThis, 'Worker');
