import { objectHead } from '../../../../s3/headers/objectHead';
import { checkCopiedVersion, checkSourceVersion } from '../../../../s3/objects/copiedVersion';
import type { CopyPlan } from '../../../../s3/objects/CopyRequest';
import { rejectionOf } from '../../failureOf';
import { refusal, scriptedS3 } from './scriptedS3';

const md5 = (letter: string) => letter.repeat(32);
const source = { bucket: 'b', key: 'k', versionId: 'v1' };
const ANOTHER =
	'Could not copy the version v1 of “k” in bucket “b”: the server has copied another one';

/** Checks a copy of a version of 3 bytes with the MD5 a…; a HEAD of the copy finds this. */
function check(
	said: { versionId?: string; etag?: string },
	found: object = {},
	asked: { versionId?: string } = { versionId: 'v1' },
) {
	const { s3, sent } = scriptedS3(() => {
		if (found instanceof Error) throw found;
		return found;
	});
	const plan: CopyPlan = {
		source: s3,
		target: s3,
		head: objectHead(source, { $metadata: {}, ETag: `"${md5('a')}"`, ContentLength: 3 }),
		request: {
			source: { bucket: 'b', key: 'k', ...asked },
			bucket: 'b',
			key: 'copy',
			metadataDirective: 'keep',
			tagsDirective: 'keep',
		},
	};
	const copied = { versionId: said.versionId, etag: said.etag };
	return { sent, checked: checkCopiedVersion(plan, copied, { signal: undefined }) };
}

it('checkSourceVersion refuses another version than the one asked for, and no other', () => {
	expect(() => checkSourceVersion(source, 'v2')).toThrow(ANOTHER);
	for (const said of ['v1', '', undefined]) checkSourceVersion(source, said);
	checkSourceVersion({ ...source, versionId: undefined }, 'v2');
});

it('checkCopiedVersion fails if the server says that it has copied another version', async () => {
	const { sent, checked } = check({ versionId: 'v2', etag: md5('b') });
	expect(await rejectionOf(checked)).toMatchObject({ kind: 'corrupt', message: ANOTHER });
	expect(sent).toEqual([]);
});

it('checkCopiedVersion fails if the copy has another size, where the server does not say what it has copied', async () => {
	const found = { ETag: `"${md5('b')}"`, ContentLength: 5 };
	const { sent, checked } = check({ etag: md5('b') }, found);
	expect((await rejectionOf(checked)).message).toBe(ANOTHER);
	expect(sent).toMatchObject([{ name: 'HeadObject', input: { Bucket: 'b', Key: 'copy' } }]);
});

it.each([
	['the server says that it is the right version', { versionId: 'v1', etag: md5('b') }, undefined],
	['the copy has the same MD5', { etag: md5('a') }, undefined],
	['the ETag of the copy is no MD5', { etag: `${md5('b')}-2` }, undefined],
	['no version was asked for', { etag: md5('b') }, {}],
])('checkCopiedVersion sends nothing if %s', async (_, said, asked) => {
	const { sent, checked } = check(said, {}, asked);
	await checked;
	expect(sent).toEqual([]);
});

it.each([
	['has the same size', { ETag: `"${md5('b')}"`, ContentLength: 3 }],
	['was replaced', { ETag: `"${md5('c')}"`, ContentLength: 5 }],
	['may not be looked at', refusal({ kind: 'denied' })],
])('checkCopiedVersion does not fail if the copy %s', async (_, found) => {
	await check({ etag: md5('b') }, found).checked;
});
