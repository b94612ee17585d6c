// What the bundler makes of an import that ends in `?asset`: the file is put beside the code, and the import is its path.

declare module '*?asset' {
  const path: string;
  export default path;
}
