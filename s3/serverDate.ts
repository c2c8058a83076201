/** The forms in which S3 writes dates: RFC 9110, section 5.6.7 (IMF-fixdate), and RFC 3339. In the first one V8 takes the year 0001 for 2001. */
const IMF =
	/^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [1-9]\d{3} \d\d:\d\d:\d\d GMT$/;
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/**
 * A date of a server; undefined if it has another form, such as one without a time zone, which would be taken for
 * that of this machine, or is from before 1970: servers in Go write the year 1 where they know no date.
 */
export function readServerDate(text = ''): Date | undefined {
	const date = IMF.test(text) || ISO.test(text) ? new Date(text) : undefined;
	return date !== undefined && date.getTime() >= 0 ? date : undefined;
}
