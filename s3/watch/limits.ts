/** Objects that are remembered at most, 16 characters each: those that were modified last. */
export const MAX_SEEN = 17_500;
/** Of these so many are kept at the end of a scan, so that the next one has room for what is new. */
export const KEPT = 14_000;
/** Uploads that are remembered at most, 16 characters each: those that were begun last. */
export const MAX_UPLOADS = 1000;
/** Seconds: what was modified so shortly before a scan is never forgotten, as more may come of that date. */
export const MARGIN = 120;
/** Pages of open uploads that a poll lists at most, so that there is time for the objects. */
export const MAX_UPLOAD_PAGES = 20;
