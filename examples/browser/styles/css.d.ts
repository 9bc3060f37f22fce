/** The bundler takes the page's style sheets, which TypeScript cannot read. */
declare module '*.css';
