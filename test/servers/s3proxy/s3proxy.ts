import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KEYS, type ServerPackage } from '../ServerPackage';

const VERSION = '4.1.0';

export const s3proxy: ServerPackage = {
	name: 'S3Proxy',
	version: VERSION,
	tools: ['java', 'mvn'],
	install: (home) => [
		{
			command: 'mvn',
			args: [
				...['--batch-mode', '--quiet', '--file', join(__dirname, 'pom.xml')],
				...['dependency:copy-dependencies', `-Ds3proxy.version=${VERSION}`],
				`-DoutputDirectory=${join(home, 'lib')}`,
			],
		},
	],
	start: (home, { folder, port }) => {
		const objects = join(folder, 'objects');
		mkdirSync(objects);
		const properties = join(folder, 's3proxy.properties');
		const settings = {
			's3proxy.endpoint': `http://127.0.0.1:${port}`,
			's3proxy.authorization': 'aws-v2-or-v4',
			's3proxy.identity': KEYS.accessKeyId,
			's3proxy.credential': KEYS.secretAccessKey,
			'jclouds.provider': 'filesystem-nio2',
			'jclouds.identity': 'none',
			'jclouds.credential': 'none',
			'jclouds.filesystem.basedir': objects,
		};
		const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`);
		writeFileSync(properties, lines.join(''));
		const classes = join(home, 'lib', '*');
		return {
			command: 'java',
			args: ['-cp', classes, 'org.gaul.s3proxy.Main', '--properties', properties],
		};
	},
	lacks: ['keysUnlikePaths'],
	faults: {
		'headers and metadata of a single upload are kept': 'has no tags',
		'headers and metadata of a multipart upload are kept': 'has no tags',
		'a get reads what a customer’s own key encrypts with that key alone':
			'refuses the keys of customers',
		'a head of an object under a customer’s own key needs that key':
			'refuses the keys of customers',
		'a listing gives every key in the order of UTF-8': 'lists keys in the order of UTF-16',
		'a listing stops at a limit of 1, and says how to go on': 'lists keys in the order of UTF-16',
		'a listing stops at a limit of 999, and says how to go on': 'lists keys in the order of UTF-16',
		'a listing stops at a limit of 1000, and says how to go on':
			'lists keys in the order of UTF-16',
		'a listing stops at a limit of 1001, and says how to go on':
			'lists keys in the order of UTF-16',
		'a listing continues after a common prefix': 'lists keys in the order of UTF-16',
		'keys of any kind make the round trip unchanged, path style':
			'refuses keys that no file can have as its path',
		'keys are the same for uploads in parts': 'refuses keys that no file can have as its path',
		'a head is what a get says of the object': 'has no tags',
		'a head comes with the tags': 'has no tags',
		'nothing can be deleted in a bucket that does not exist':
			'says of objects in a bucket that does not exist that they are deleted',
		'a head of a version is that of this version': 'has no versions',
		'a delete marker hides an object, and gives it back when it is deleted itself':
			'has no versions',
		'versions and markers are deleted with others': 'has no versions',
		'each version has tags of its own': 'has no tags',
		'the tags of an object are those it was put with, or none': 'has no tags',
		'tags are merged, replaced and removed': 'has no tags',
		'ten tags of the longest names and values are kept': 'has no tags',
		'tags with characters that S3 does not take are refused': 'has no tags',
		'the tags of nothing are not found': 'has no tags',
	},
};
