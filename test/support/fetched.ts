/** Tests that need a package which .ci/from_npm.mjs fetches. */

/**
 * `declare` is `test`; or `test.skip` where the package is missing, unless REQUIRE_PACKAGES names it. `note` ends the title, and says
 * that it is missing.
 */
export function testsWith(name: string, isThere: boolean): { declare: jest.It; note: string } {
  const isRequired = (process.env.REQUIRE_PACKAGES ?? '').split(',').includes(name);
  return {
    declare: isThere || isRequired ? test : test.skip,
    note: isThere ? '' : ': NOT AVAILABLE (`node .ci/from_npm.mjs` says why)',
  };
}
