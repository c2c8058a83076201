import { objectHead } from '../../../../s3/headers/objectHead';
import type { Connection } from '../../../../s3/Connection';
import type { CopyRequest } from '../../../../s3/objects/CopyRequest';
import { copyOnServer } from '../../../../s3/objects/copyOnServer';
import type { HeadObjectCommandOutput } from '../../../../s3/sdk';
import { PART_LIMITS } from '../../../../s3/write/partSizes';
import { rejectionOf } from '../../failureOf';
import { AWS, names, refusal, scriptedS3 } from './scriptedS3';

const call = { signal: undefined };
const source = { bucket: 'b', key: 'k' };
const kept = { metadataDirective: 'keep', tagsDirective: 'drop' } as const;
const MADE = { CopyObjectResult: { ETag: '"c"' }, CopyPartResult: { ETag: '"c"' }, UploadId: 'u' };

/** A copy of an object of this many bytes by a server that answers as `respond` does. */
function copyOf(
	size: number,
	respond: (name: string) => unknown = () => MADE,
	multipartThreshold = 10,
	{ objectLock, ...settings }: Partial<Connection> & Pick<CopyRequest, 'objectLock'> = {},
) {
	const { s3, sent } = scriptedS3(({ name }) => respond(name), settings);
	const head = objectHead(source, { $metadata: {}, ETag: '"e"', ContentLength: size });
	const request = { source, bucket: 'b', key: 'copy', multipartThreshold, objectLock, ...kept };
	const plan = { source: s3, target: s3, head, request };
	return { copy: async () => await copyOnServer(plan, call, PART_LIMITS), sent };
}

it('copyOnServer copies by one request up to the threshold, and in parts above it', async () => {
	const small = copyOf(10);
	expect(await small.copy()).toMatchObject({ parts: 1 });
	expect(names(small.sent)).toContain('CopyObject');
	const large = copyOf(11);
	await large.copy();
	expect(names(large.sent)).toContain('UploadPartCopy');
});

it('copyOnServer copies what is to be locked by one request, but on AWS, as others may forget the lock of parts', async () => {
	const objectLock = { legalHold: true };
	const locked = copyOf(11, () => MADE, 10, { objectLock });
	expect(await locked.copy()).toMatchObject({ parts: 1 });
	expect(names(locked.sent)).toContain('CopyObject');
	const onAws = copyOf(11, () => MADE, 10, { objectLock, ...AWS });
	await onAws.copy();
	expect(names(onAws.sent)).toContain('UploadPartCopy');
});

it.each(['100%', 'a?versionId=b'])(
	'copyOnServer copies no parts of the object “%s”, which others than AWS may mistake',
	async (key) => {
		const odd = { ...source, key };
		const callsFor = async (size: number, settings: Partial<Connection>) => {
			const { s3, sent } = scriptedS3(() => MADE, settings);
			const head = objectHead(odd, { $metadata: {}, ETag: '"e"', ContentLength: size });
			const request = { source: odd, bucket: 'b', key: 'copy', multipartThreshold: 10, ...kept };
			await copyOnServer({ source: s3, target: s3, head, request }, call, PART_LIMITS);
			return names(sent);
		};
		const single = await callsFor(11, {});
		expect(single).toContain('CopyObject');
		expect(single).not.toContain('UploadPartCopy');
		expect(await callsFor(5 * 1024 ** 3 + 1, {})).toEqual([]);
		expect(await callsFor(11, AWS)).toContain('UploadPartCopy');
	},
);

it('copyOnServer never asks for more than 5 GiB by one request', async () => {
	const { copy, sent } = copyOf(5 * 1024 ** 3 + 1, () => MADE, Infinity);
	await copy();
	expect(names(sent)).not.toContain('CopyObject');
});

it('copyOnServer gives nothing if the server has no copies, and does not ask it again', async () => {
	const { copy, sent } = copyOf(1, () => {
		throw refusal({ status: 501, code: 'NotImplemented', operation: 'CopyObject' });
	});
	expect([await copy(), await copy()]).toEqual([undefined, undefined]);
	expect(names(sent)).toEqual(['CopyObject']);
});

it('copyOnServer throws what is no lack of copies', async () => {
	const { copy } = copyOf(1, () => {
		throw refusal({ status: 403, code: 'AccessDenied', operation: 'CopyObject' });
	});
	expect(await rejectionOf(copy())).toMatchObject({ code: 'AccessDenied' });
});

const keyOf = (byte: number) => Buffer.alloc(32, byte).toString('base64');
const underKey = (byte: number) =>
	({ encryption: { kind: 'customer', key: keyOf(byte) } }) as const;

/** A copy in parts of an object under a customer's own key, which the server refuses to read. */
async function refusedParts(more: object, settings: Partial<Connection> = {}) {
	const { s3 } = scriptedS3(({ name }) => {
		if (name !== 'UploadPartCopy') return MADE;
		throw refusal({ status: 400, code: 'InvalidArgument', operation: name });
	}, settings);
	const head = objectHead(source, { $metadata: {}, ETag: '"e"', ContentLength: 11 });
	const from = { ...source, customerKey: keyOf(1) };
	const to = { bucket: 'b', key: 'copy', multipartThreshold: 10, ...kept, ...more };
	const plan = { source: s3, target: s3, head, request: { source: from, ...to } };
	return await copyOnServer(plan, call, PART_LIMITS);
}

it.each([
	['another', underKey(2)],
	['no', {}],
])(
	'copyOnServer gives nothing if the server does not read parts under a customer’s own key, for a copy under %s key',
	async (_, more) => {
		expect(await refusedParts(more)).toBeUndefined();
	},
);

it.each([
	['the keys are the same', underKey(1), {}],
	['it is AWS', underKey(2), AWS],
])(
	'copyOnServer does not blame the customer’s own keys for a part that is refused if %s',
	async (_, more, settings) => {
		expect((await rejectionOf(refusedParts(more, settings))).code).toBe('InvalidArgument');
	},
);

it.each<[string, number, Partial<CopyRequest>, Partial<HeadObjectCommandOutput>]>([
	['with an option', 2, { objectLock: { legalHold: true } }, {}],
	[
		'with the encryption of the source',
		2,
		{ keepEncryption: true },
		{ ServerSideEncryption: 'AES256' },
	],
	['with the class of the source', 2, { keepStorageClass: true }, { StorageClass: 'GLACIER_IR' }],
	[
		'that keep what the source does not have',
		1,
		{ keepEncryption: true, keepStorageClass: true },
		{},
	],
])(
	'copyOnServer asks a server that refuses two copies %s as unknown calls %i times',
	async (_, asked, more, facts) => {
		const { s3, sent } = scriptedS3(() => {
			throw refusal({ status: 501, code: 'NotImplemented', operation: 'CopyObject' });
		});
		const head = objectHead(source, { $metadata: {}, ETag: '"e"', ContentLength: 1, ...facts });
		const request = { source, bucket: 'b', key: 'copy', ...more, ...kept };
		const plan = { source: s3, target: s3, head, request };
		for (let copy = 0; copy < 2; copy++) {
			expect(await copyOnServer(plan, call, PART_LIMITS)).toBeUndefined();
		}
		expect(names(sent)).toEqual(Array(asked).fill('CopyObject'));
	},
);
