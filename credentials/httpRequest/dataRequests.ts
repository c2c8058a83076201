/** Requests for S3 data: what a credential with a limit signs in the HTTP Request node. */

/** What a request is about: the account, a bucket or an object. */
export type Scope = 'account' | 'bucket' | 'object';

/** Subresources by scope in lower case; an empty one is the bucket or object itself. */
type Subresources = Readonly<Record<Scope, readonly string[]>>;

const READS: Subresources = {
	account: [''],
	bucket: [
		'',
		'accelerate',
		'acl',
		'analytics',
		'cors',
		'encryption',
		'intelligent-tiering',
		'inventory',
		'lifecycle',
		'location',
		'logging',
		'metrics',
		'notification',
		'object-lock',
		'ownershipcontrols',
		'policy',
		'policystatus',
		'publicaccessblock',
		'replication',
		'requestpayment',
		'tagging',
		'uploads',
		'versioning',
		'versions',
		'website',
	],
	object: ['', 'acl', 'attributes', 'legal-hold', 'retention', 'tagging', 'uploadid'],
};

/**
 * Writes that change nothing of who may read. Replication, inventories, logs, notifications and analytics are
 * not among them: they send data out of the bucket. Nor is a restore, whose body may name another bucket.
 */
const WRITES: Readonly<Record<string, Subresources>> = {
	PUT: {
		account: [],
		bucket: [
			'',
			'encryption',
			'intelligent-tiering',
			'lifecycle',
			'object-lock',
			'requestpayment',
			'tagging',
			'versioning',
		],
		object: ['', 'legal-hold', 'retention', 'tagging', 'uploadid'],
	},
	POST: { account: [], bucket: ['delete'], object: ['select', 'uploadid', 'uploads'] },
	DELETE: {
		account: [],
		bucket: ['', 'encryption', 'intelligent-tiering', 'lifecycle', 'tagging'],
		object: ['', 'tagging', 'uploadid'],
	},
};

/** Writes that change who may read and stay in the bucket. */
const OPENINGS: Readonly<Record<string, Subresources>> = {
	PUT: {
		account: [],
		bucket: ['acl', 'cors', 'ownershipcontrols', 'policy', 'publicaccessblock', 'website'],
		object: ['acl'],
	},
	DELETE: {
		account: [],
		bucket: ['cors', 'ownershipcontrols', 'policy', 'publicaccessblock', 'website'],
		object: [],
	},
};

/** Parameters that say more about a request, in lower case. */
const PARAMETERS = new Set([
	'bucket-region',
	'continuation-token',
	'delimiter',
	'encoding-type',
	'fetch-owner',
	'id',
	'key-marker',
	'list-type',
	'marker',
	'max-buckets',
	'max-keys',
	'max-parts',
	'max-uploads',
	'part-number-marker',
	'partnumber',
	'prefix',
	'response-cache-control',
	'response-content-disposition',
	'response-content-encoding',
	'response-content-language',
	'response-content-type',
	'response-expires',
	'select-type',
	'start-after',
	'upload-id-marker',
	'version-id-marker',
	'versionid',
	'x-id',
]);

/** Headers in lower case: those of HTTP that S3 reads or that say nothing to it, and those of S3 data. */
const HEADERS = new RegExp(
	`^(${[
		'accept(-encoding|-language)?',
		'cache-control',
		'content-(disposition|encoding|language|length|md5|type)',
		'date',
		'expect',
		'expires',
		'if-(match|modified-since|none-match|range|unmodified-since)',
		'origin',
		'pragma',
		'range',
		'user-agent',
		'x-amz-acl',
		'x-amz-bypass-governance-retention',
		'x-amz-checksum-[a-z0-9-]+',
		'x-amz-content-sha256',
		'x-amz-copy-source(-if-[a-z-]+|-range|-server-side-encryption-customer-[a-z0-9-]+)?',
		'x-amz-(source-)?expected-bucket-owner',
		'x-amz-grant-(full-control|read|read-acp|write|write-acp)',
		'x-amz-if-match-[a-z-]+',
		'x-amz-max-parts',
		'x-amz-meta-.+',
		'x-amz-metadata-directive',
		'x-amz-mfa',
		'x-amz-mp-object-size',
		'x-amz-object-attributes',
		'x-amz-(bucket-)?object-lock-[a-z-]+',
		'x-amz-optional-object-attributes',
		'x-amz-part-number-marker',
		'x-amz-request-payer',
		'x-amz-sdk-checksum-algorithm',
		'x-amz-server-side-encryption(-[a-z0-9-]+)?',
		'x-amz-storage-class',
		'x-amz-tagging(-directive)?',
		'x-amz-website-redirect-location',
		'x-amz-write-offset-bytes',
	].join('|')})$`,
);

/** Whether a header, in lower case, is one of a request for S3 data. */
export function isDataHeader(name: string): boolean {
	return HEADERS.test(name);
}

/**
 * What a request does, by its method and its query.
 * @param parameters names in the query
 * @returns `read`, `write`, `open` for a change of who may read, or undefined if it is no known request for data
 */
export function effectOf(
	method: string,
	scope: Scope,
	parameters: readonly string[],
): 'read' | 'write' | 'open' | undefined {
	const names = parameters.map((name) => name.toLowerCase());
	const subresources = names.filter((name) => !PARAMETERS.has(name));
	const [subresource = '', second] = subresources;
	if (second !== undefined) return undefined;
	const isIn = (known: Subresources | undefined) => known?.[scope].includes(subresource) === true;
	if (method === 'GET' || method === 'HEAD') return isIn(READS) ? 'read' : undefined;
	if (isIn(WRITES[method])) return 'write';
	return isIn(OPENINGS[method]) ? 'open' : undefined;
}
