/** The version in package.json, put in by build.mjs; undefined when the sources run unbundled. */
declare const RIDESHARE_VERSION: string | undefined;
