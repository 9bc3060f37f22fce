/** The bundler takes Python files in as text. */
declare module '*.py' {
  const text: string;
  export default text;
}
