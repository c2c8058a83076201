type What = 'key' | 'prefix';

/** What people enter as a key though it is not quite one, and what to do about it. */
const UNUSUAL: readonly [is: RegExp, advice: (match: RegExpExecArray, what: What) => string][] = [
	[
		/\{\{.*\}\}/s,
		(_, what) =>
			`This ${what} has {{ }} in it, which only an expression fills in: switch the field from Fixed to Expression.`,
	],
	[
		/^s3:\/\/[^/]+\/(.+)$/is,
		([, key = ''], what) => `This ${what} is a whole S3 URI: enter only “${key}” as ${what}.`,
	],
	[
		/^arn:aws[\w-]*:s3:::[^/]+\/(.+)$/s,
		([, key = ''], what) => `This ${what} is a whole ARN: enter only “${key}” as ${what}.`,
	],
	[
		/^https?:\/\//i,
		(_, what) => `This ${what} is a whole URL: enter only what follows the bucket in it.`,
	],
	[
		/^\/+(.*)$/s,
		([, key = ''], what) =>
			`This ${what} begins with a slash, which S3 takes for part of the name: try “${key}”.`,
	],
	[
		/^\s|\s$/,
		({ input }, what) =>
			`This ${what} begins or ends with a blank, which S3 takes for part of the name: try “${input.trim()}”.`,
	],
	[/\\/, (_, what) => `This ${what} has a backslash: folders in keys end with a slash (/).`],
	[
		/%[\da-f]{2}/i,
		(_, what) =>
			`This ${what} is encoded as in a URL: enter its characters as they are, a space for %20.`,
	],
];

/**
 * What is unusual about a key under which there is no object, or a prefix under which there are none; undefined if
 * nothing is.
 */
export function adviceOnKey(
	key: string,
	bucket: string | undefined,
	what: What = 'key',
): string | undefined {
	for (const [is, advice] of UNUSUAL) {
		const match = is.exec(key);
		if (match !== null) return advice(match, what);
	}
	if (bucket !== undefined && key.startsWith(`${bucket}/`) && key !== `${bucket}/`) {
		return `This ${what} begins with the name of the bucket: try “${key.slice(bucket.length + 1)}”.`;
	}
	if (what === 'prefix' || !key.endsWith('/')) return undefined;
	return 'This key ends with a slash, as that of a folder does: List gives the objects in it, with this key as Prefix.';
}
