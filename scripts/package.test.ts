// What a package calls itself. What is in it is looked at by e2e/desktop, in the package itself.

import { expect, it } from 'vitest';
import { packageVersion } from './package.mjs';

it('a package around the stand-in says so in its version, a release has the version of package.json', () => {
  expect(packageVersion('0.1.0', true)).toBe('0.1.0-standin');
  expect(packageVersion('0.1.0', false)).toBe('0.1.0');
});
