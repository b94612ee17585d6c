// The type of an import that ends in `?asset`: the bundler copies the file beside the code, and the import is its path.

declare module '*?asset' {
  const path: string;
  export default path;
}
