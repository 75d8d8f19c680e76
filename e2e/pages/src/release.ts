/**
 * Which release of the page this is.
 *
 * @module
 */

/** Put in by the build. */
declare const RELEASE: number;

/** 1, or 2 in what the site will have next. */
export const release = RELEASE;
