import type { IDataObject } from 'n8n-workflow';

import { resources } from '../../nodes/AmazonS3/resources';
import { checkOutput } from './checkOutput';
import { runNode, type Credential } from './n8n';

const head = { bucket: 'b', key: 'k', outcome: 'found', metadata: {} };
const listed = { bucket: 'b', key: 'k', size: 1 };

const check =
	(operation: string, ...json: IDataObject[]) =>
	() =>
		checkOutput({ resource: 'object', operation }, [json.map((fields) => ({ json: fields }))]);

describe('checkOutput', () => {
	it.each<[string, IDataObject]>([
		['get', head],
		[
			'get',
			{ ...head, size: 1, checksum: { algorithm: 'a', value: 'v', type: 't', verified: true } },
		],
		['get', { ...head, data: null }],
		['get', { bucket: 'b', key: 'k', outcome: 'notModified', httpCode: 304 }],
		['list', listed],
		['list', { bucket: 'b', prefix: 'p/' }],
		['list', { bucket: 'b', count: 1, truncated: false, objects: [listed] }],
	])('checkOutput takes an item of %s that is as declared: %j', (operation, json) => {
		expect(check(operation, json)).not.toThrow();
	});

	it.each<[string, string, IDataObject]>([
		['an undeclared field', 'get', { ...head, surprise: 1 }],
		['an undeclared field inside a field', 'get', { ...head, checksum: { surprise: 1 } }],
		['a missing field', 'get', { bucket: 'b', key: 'k', outcome: 'found' }],
		['a field of another type', 'get', { ...head, size: '1' }],
		['a date in another form', 'get', { ...head, lastModified: 'Tue, 1 Dec 2026' }],
		['an undeclared value', 'get', { ...head, outcome: 'lost' }],
		['fields of two forms', 'get', { ...head, httpCode: 304 }],
		[
			'a row inside an array that lacks a field',
			'list',
			{
				bucket: 'b',
				count: 1,
				truncated: false,
				objects: [{ bucket: 'b', key: 'k' }],
			},
		],
	])('checkOutput refuses %s', (_, operation, json) => {
		expect(check(operation, json)).toThrow(`object ${operation} gives other items`);
	});

	it('checkOutput names the item and the field', () => {
		expect(check('get', head, { ...head, surprise: 1 })).toThrow(/^items\[1\] .*surprise/m);
	});

	it('checkOutput leaves out items that failed, and those of the error output', () => {
		const outputs = [[{ json: { id: 1, error: 'no' } }], [{ json: { error: 'no' } }]];
		expect(() => checkOutput({ resource: 'object', operation: 'get' }, outputs)).not.toThrow();
	});

	it('checkOutput refuses an operation that nobody has registered', () => {
		expect(check('unheardOf', head)).toThrow('there is no operation object unheardOf');
	});
});

describe('runNode', () => {
	it('runNode checks the items of every execution', async () => {
		const credential: Credential = {
			endpoint: 'http://127.0.0.1:1',
			accessKeyId: 'a',
			secretAccessKey: 's',
		};
		const execute = jest
			.spyOn(resources.object.get, 'execute')
			.mockResolvedValueOnce([{ json: head }])
			.mockResolvedValueOnce([{ json: { ...head, surprise: 1 } }]);
		const parameters = { resource: 'object', operation: 'get', bucket: 'b', key: 'k' };
		try {
			expect((await runNode({ parameters, credential })).outputs[0]?.[0]?.json).toEqual(head);
			await expect(runNode({ parameters, credential })).rejects.toThrow('surprise');
		} finally {
			execute.mockRestore();
		}
	});
});
