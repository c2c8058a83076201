/**
 * The figures of the parallel listing. They were found by simulated listings of 17 kinds of keys and by
 * listings of radosgw; docs/decisions/0001-parallel-listing.md says what each part is worth.
 */

// Requests in flight.

/** Requests in flight when a listing begins to be read in parallel. */
export const FIRST_IN_FLIGHT = 4;
/** Requests of one listing in flight at most. */
export const MAX_IN_FLIGHT = 16;
/** Requests by which the number in flight grows at a time. */
export const IN_FLIGHT_STEP = 2;
/** Pages read one after another when the server throttled or failed; twice as many each further time. */
export const SEQUENTIAL_PAGES = 20;
/** Responses in a round, after which the latency is compared with that of an unloaded server. */
export const ROUND_RESPONSES = 16;
/** Requests that the server has to work on at the same time for parallel requests to pay. */
export const MIN_PARALLELISM = 1.25;
/** A response slower than this many times the unloaded latency is mostly queueing. */
export const QUEUEING_LATENCY = 2;
/** Below this many times the unloaded latency there is no queueing: concurrency may grow. */
export const FREE_LATENCY = 1.5;

// What is read, and how far ahead.

/** Pages that are read before their turn at most. */
export const MAX_PAGES_AHEAD = 48;
/** Requests that wrong guesses may cost, as a share of the pages read. */
export const SPARE_SHARE = 1 / 3;
/** Further requests that wrong guesses may cost: 32, less two for the ends of the listing. */
export const SPARE_REQUESTS = 30;
/** A range that is nearly read asks for this many times the entries that seem to be missing. */
export const REST_MARGIN = 1.5;
/** Entries that it asks for beyond that. */
export const REST_EXTRA = 50;

// Split points.

/** Split points guessed a page apart from each other without a response in between: at first, and at most. */
export const FIRST_GUESSES_IN_A_ROW = 4;
export const MAX_GUESSES_IN_A_ROW = 16;
/** Pages between two split points: a small overlap of pages costs less than a gap between them. */
export const PAGES_BETWEEN = 0.93;
/** Further split points in a row, each twice as far from the one before it. */
export const FAR_GUESSES = 3;

// Estimates of keys.

/** Steps below which a difference between two keys is ignored; one step is the next key at their first difference. */
export const PRECISION = 1e-5;
/** Names of a page that are looked at. */
export const SAMPLE_NAMES = 50;
/** Names of a page that are looked at for dates, and for which characters their words are made of. */
export const SAMPLE_WORDS = 10;
/** Names that are enough to estimate the density from. */
export const MIN_SAMPLE = 100;
/** Shapes of keys that are remembered. */
export const MAX_SHAPES = 32;
/** Characters after the last one seen that may occur too, in scripts other than ASCII. */
export const FURTHER_CHARACTERS = 1024;
