/** What people enter as a key though it is not quite one, and what to do about it. */
const UNUSUAL: readonly [is: RegExp, advice: (match: RegExpExecArray) => string][] = [
	[
		/^s3:\/\/[^/]+\/(.+)$/is,
		([, key = '']) => `This key is a whole S3 URI: enter only “${key}” as key.`,
	],
	[
		/^arn:aws[\w-]*:s3:::[^/]+\/(.+)$/s,
		([, key = '']) => `This key is a whole ARN: enter only “${key}” as key.`,
	],
	[/^https?:\/\//i, () => 'This key is a whole URL: enter only what follows the bucket in it.'],
	[
		/^\/+(.*)$/s,
		([, key = '']) => `This key begins with a slash, which belongs to a key in S3: try “${key}”.`,
	],
	[
		/^\s|\s$/,
		({ input }) =>
			`This key begins or ends with a blank, which belongs to a key in S3: try “${input.trim()}”.`,
	],
	[/\\/, () => 'This key has a backslash: folders in keys end with a slash (/).'],
	[
		/%[\da-f]{2}/i,
		() => 'This key is encoded as in a URL: enter its characters as they are, a space for %20.',
	],
];

/** What is unusual about a key under which there is no object; undefined if nothing is. */
export function adviceOnKey(key: string, bucket: string | undefined): string | undefined {
	for (const [is, advice] of UNUSUAL) {
		const match = is.exec(key);
		if (match !== null) return advice(match);
	}
	if (bucket === undefined || !key.startsWith(`${bucket}/`)) return undefined;
	return `This key begins with the name of the bucket: try “${key.slice(bucket.length + 1)}”.`;
}
