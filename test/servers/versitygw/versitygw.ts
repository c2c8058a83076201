import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fromGo, KEYS, type ServerPackage } from '../ServerPackage';

export const versitygw: ServerPackage = {
	name: 'VersityGW',
	...fromGo('github.com/versity/versitygw/cmd/versitygw', '1.8.0'),
	start: (home, { folder, port }) => {
		const objects = join(folder, 'objects');
		const versions = join(folder, 'versions');
		for (const path of [objects, versions]) mkdirSync(path);
		return {
			command: join(home, 'bin', 'versitygw'),
			args: ['--port', `127.0.0.1:${port}`, 'posix', '--versioning-dir', versions, objects],
			env: { ROOT_ACCESS_KEY: KEYS.accessKeyId, ROOT_SECRET_KEY: KEYS.secretAccessKey },
		};
	},
	lacks: ['keysUnlikePaths', 'tagCharacters', 'tagsVersion'],
	faults: {
		'a put sends the checksum MD5':
			'computes a checksum for every object, also for one that was sent with none',
		'a put stores nothing of a file with fewer bytes than it said':
			'stores what had arrived of an object when the connection breaks off',
		'a put stores nothing of a file with more bytes than it said':
			'stores what had arrived of an object when the connection breaks off',
		'a get reads under conditions': 'ignores a date in the future as condition',
		'a get reads what a customer’s own key encrypts with that key alone':
			'ignores the keys of customers: it encrypts nothing with them, and reads without them',
		'a head of an object under a customer’s own key needs that key':
			'ignores the keys of customers: it encrypts nothing with them, and reads without them',
		'keys of any kind make the round trip unchanged, path style':
			'refuses keys that no file can have as its path',
		'more than 1,000 objects are deleted in a few requests, and what is not there with them':
			'refuses to delete a key that is the folder of others',
		'ten tags of the longest names and values are kept':
			'fails with status 500 if all tags together are longer than an extended attribute of a file',
		'versions and markers are deleted with others': 'refuses the version ID `null`',
		'a failure tells a wrong access key': 'calls an unknown access key `XAdminUserNotFound`',
	},
};
