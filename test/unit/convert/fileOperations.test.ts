import type { Origin } from '../../../convert/Converted';
import {
	copyFile,
	deleteFile,
	downloadFile,
	listFiles,
	uploadFile,
} from '../../../convert/fileOperations';
import type { Parameters } from '../../../convert/Workflow';

const keyed = (value: string) => ({ __rl: true, mode: 'key', value });

const copied = (sourcePath: string, destinationPath = '/c/d') =>
	copyFile({ sourcePath, destinationPath }, 's3', false);

const uploaded = (its: Parameters, origin: Origin = 's3') => uploadFile(its, origin, false);

const keyOfUpload = (its: Parameters, origin?: Origin) => uploaded(its, origin).parameters.key;

/** What an expression gives that is one piece of code. */
function valueOf(expression: unknown, variables: Record<string, unknown>): unknown {
	const [, code = ''] = /^=\{\{([^]*)\}\}$/.exec(String(expression)) ?? [];
	// eslint-disable-next-line @typescript-eslint/no-implied-eval -- as n8n does
	const run = new Function(...Object.keys(variables), `return ${code}`) as (
		...values: unknown[]
	) => unknown;
	return run(...Object.values(variables));
}

describe('the conversion of a copy', () => {
	it.each([
		['/b/a.txt?versionId=X.y_z', 'a.txt', 'X.y_z'],
		['=/b/{{ $json.Key }}?versionId={{ $json.id }}', '={{ $json.Key }}', '={{ $json.id }}'],
		['=/b/{{ $json.Key }}?versionId=X', '={{ $json.Key }}', 'X'],
	])('the conversion of a copy of %s takes the version out of the key', (path, key, version) => {
		const { parameters, options } = copied(path);
		expect(parameters.sourceKey).toEqual(keyed(key));
		expect(options).toEqual({ sourceVersionId: version });
	});

	it('the conversion of a copy whose version stands in code says that it is to be entered', () => {
		const { options, notes } = copied("={{ '/b/' + $json.Key + '?versionId=' + $json.id }}");
		expect(options).toEqual({});
		expect(notes.join(' ')).toContain('enter Source Version ID by hand');
		expect(copied('=/b/{{ $json.Key }}').notes.join(' ')).not.toContain('Version');
	});

	it('the conversion of a copy decodes both keys, as S3 and n8n’s node do', () => {
		const { parameters } = copied('/a/b%20%C3%BC 100%.txt', '/c/d%2Be/{{ x }}%20');
		expect(parameters.sourceKey).toEqual(keyed('b ü 100%.txt'));
		expect(parameters.key).toBe('d+e/{{ x }} ');
		expect(copied('/a/b', '={{ "/c/" + encodeURI($json.x) }}').notes).toContain(
			'Target Key is not to be URL-encoded here: take encodeURI… out of it.',
		);
	});

	it('expressions on the result of a copy get the new names', () => {
		expect(copied('/a/b').renamed).toMatchObject({ ETag: 'etag' });
	});
});

describe('the conversion of an upload', () => {
	it.each([
		['=attachment_{{ $itemIndex }}', { $itemIndex: 2 }, 'attachment_2'],
		['=data', {}, 'data'],
		['={{ $json.field }}', { $json: { field: 'my file' } }, 'my file'],
		['={{ $json.a }}{{ $json.b }}', { $json: { a: 1, b: 2 } }, '12'],
		['it’s "data"', {}, 'it’s "data"'],
	])('an upload of the field %s without a name takes that of the file', (field, scope, name) => {
		const key = keyOfUpload({ binaryPropertyName: field });
		const $binary = { [name]: { fileName: 'a.pdf' } };
		expect(valueOf(key, { ...scope, $binary })).toBe('a.pdf');
	});

	it('an upload into a folder that an expression gives has no slash before its name where there is none', () => {
		const key = keyOfUpload({
			fileName: 'a.txt',
			additionalFields: { parentFolderKey: '={{ $json.folder }}' },
		});
		expect(key).toMatch(/^=\{\{.*\}\}a\.txt$/);
		const folder = String(key).slice(0, -'a.txt'.length);
		expect(valueOf(folder, { $json: { folder: 'in' } })).toBe('in/');
		expect(valueOf(folder, { $json: {} })).toBe('');
		const fixed = { fileName: 'a.txt', additionalFields: { parentFolderKey: '=in/{{ x }}' } };
		expect(keyOfUpload(fixed)).toBe('=in/{{ x }}/a.txt');
	});

	it('an upload keeps a name with words that would stand for parts of a file name', () => {
		expect(keyOfUpload({ fileName: 'r-{index}.{x}' })).toBe('=r-{{ "{" }}index}.{x}');
		expect(keyOfUpload({ fileName: '={fileName}-{{ $json.a }}' })).toBe(
			'={{ "{" }}fileName}-{{ $json.a }}',
		);
		// They mean nothing in the key of a text.
		expect(keyOfUpload({ fileName: 'r-{index}.txt', binaryData: false })).toBe('r-{index}.txt');
	});

	it('an upload has its name decoded, as n8n’s nodes do it', () => {
		expect(keyOfUpload({ fileName: 'a%20b.txt' })).toBe('a b.txt');
		const { notes } = uploaded({ fileName: '={{ encodeURIComponent($json.name) }}' });
		expect(notes.join()).toContain('Key is not to be URL-encoded here');
	});

	it('an upload by version 2 says that there is no Location, and gives the others their new names', () => {
		const { notes, renamed } = uploaded({ fileName: 'a' }, 'awsS3V2');
		expect(notes.join()).toContain('It has no Location');
		expect(renamed).toEqual({ Bucket: 'bucket', Key: 'key', ETag: 'etag' });
		const text = uploaded({ fileName: 'a', binaryData: false }, 'awsS3V2');
		expect(text.notes.join()).toContain('no longer { success: true }');
		expect(text.renamed).toBeUndefined();
	});

	it('an upload by an agent says that an agent has no files', () => {
		expect(uploadFile({ fileName: 'a' }, 'awsS3V2', true).notes.join()).toContain('set Source to');
		const text = uploadFile({ fileName: 'a', binaryData: false }, 'awsS3V2', true);
		expect(text.notes.join()).not.toContain('set Source to');
	});
});

it('the conversion of a download or a deletion decodes the key, as n8n’s nodes do it', () => {
	for (const convert of [downloadFile, deleteFile]) {
		const { parameters, notes } = convert({ fileKey: 'a%20b' }, 's3', false);
		expect(parameters.key).toEqual(keyed('a b'));
		expect(notes.join()).not.toContain('URL-encoded');
		const byExpression = convert({ fileKey: '={{ encodeURIComponent($json.Key) }}' }, 's3', false);
		expect(byExpression.notes.join()).toContain('Key is not to be URL-encoded here');
	}
});

it('a download by an agent becomes text, which an agent can read', () => {
	const { parameters, notes } = downloadFile({ fileKey: 'k' }, 'awsS3V2', true);
	expect(parameters).toEqual({ bucket: expect.anything() as object, key: keyed('k'), as: 'text' });
	expect(notes.join()).toContain('as text');
});

it('files of a folder are listed with a note that the folders below are read, too', () => {
	const { options, notes } = listFiles({ options: { folderKey: 'in/' } }, 's3', false);
	expect(options).toEqual({ keyMatches: 'in/*', minSize: 1 });
	expect(notes.join()).toContain('It reads the keys of the folders below');
});

it('files of a folder that an expression may leave out are those of the whole bucket', () => {
	const { options } = listFiles({ options: { folderKey: '={{ $json.folder }}' } }, 's3', false);
	const pattern = String(options.keyMatches).replace(/\*$/, '');
	expect(valueOf(pattern, { $json: {} })).toBe('');
	expect(valueOf(pattern, { $json: { folder: 'a*' } })).toBe('a^*');
});
