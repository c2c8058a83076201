import { copyBetween } from '../../../../s3/objects/copyBetween';
import { rejectionOf } from '../../failureOf';
import { AWS, refusal, scriptedS3 } from './scriptedS3';

const call = { signal: undefined, retryFor: 1000 };
const request = {
	source: { bucket: 'b', key: 'k' },
	bucket: 'b',
	key: 'copy',
	multipartThreshold: 10,
	metadataDirective: 'keep' as const,
	tagsDirective: 'drop' as const,
};
const MADE = {
	CopyObjectResult: { ETag: '"c-2"' },
	CopyPartResult: { ETag: '"c"' },
	UploadId: 'u',
};

interface Source {
	size: number;
	etag: string;
	/** Milliseconds since 1970, of the source as it is looked at for the nth time. */
	date?: (looks: number) => number;
	settings?: typeof AWS;
}

/** A server that refuses the ETag of each source that it copies. */
function refusing({ size, etag, date = () => 1000, settings }: Source) {
	let looks = 0;
	return scriptedS3(({ name, input }) => {
		if (name === 'HeadObject') {
			looks += 1;
			return { ETag: etag, ContentLength: size, LastModified: new Date(date(looks)) };
		}
		if (input.CopySourceIfMatch === undefined) return MADE;
		throw refusal({ kind: 'precondition', status: 412, operation: name });
	}, settings);
}

const conditions = (sent: ReturnType<typeof refusing>['sent']) =>
	sent
		.filter(({ name }) => name === 'CopyObject' || name === 'UploadPartCopy')
		.map(({ input }) => input.CopySourceIfMatch ?? input.CopySourceIfUnmodifiedSince);

it.each([
	['at once', 10],
	['in parts', 11],
])(
	'an object that came in parts is copied %s by its date if its ETag is refused though it stays the same',
	async (_, size) => {
		const { s3, sent } = refusing({ size, etag: '"e-2"' });
		await copyBetween({ source: s3, target: s3 }, request, call);
		expect(conditions(sent)).toEqual(['"e-2"', '"e-2"', new Date(1000)]);
		await copyBetween({ source: s3, target: s3 }, request, call);
		expect(conditions(sent).slice(3)).toEqual([new Date(1000)]);
	},
);

it.each<[string, Source]>([
	['was replaced whenever it was looked at', { size: 1, etag: '"e-2"', date: (n) => n * 1000 }],
	['has an MD5 as ETag', { size: 1, etag: '"0123456789abcdef0123456789abcdef"' }],
	['is on AWS', { size: 1, etag: '"e-2"', settings: AWS }],
])('a source whose ETag is refused is never copied by its date if it %s', async (_, source) => {
	const { s3, sent } = refusing(source);
	expect((await rejectionOf(copyBetween({ source: s3, target: s3 }, request, call))).kind).toBe(
		'precondition',
	);
	expect(new Set(conditions(sent))).toEqual(new Set([source.etag]));
});
