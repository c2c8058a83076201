import { join } from 'node:path';
import { fromGo, KEYS, type ServerPackage } from '../ServerPackage';

export const rclone: ServerPackage = {
	name: 'rclone serve s3',
	...fromGo('github.com/rclone/rclone', '1.76.0'),
	start: (home, { folder, port }) => ({
		command: join(home, 'bin', 'rclone'),
		args: [
			...['serve', 's3', folder, '--addr', `127.0.0.1:${port}`],
			...['--auth-key', `${KEYS.accessKeyId},${KEYS.secretAccessKey}`],
			...['--config', '/dev/null', '--cache-dir', join(folder, '.cache')],
		],
	}),
	lacks: ['emptyUploads', 'keysUnlikePaths', 'tagAlphabet'],
	faults: {
		'a put names the ETag that the object then has':
			'gives an object that came in parts the MD5 of its content as ETag',
		'a get reads what a customer’s own key encrypts with that key alone':
			'refuses the keys of customers',
		'a head of an object under a customer’s own key needs that key':
			'refuses the keys of customers',
		'keys of any kind make the round trip unchanged, path style':
			'refuses keys that no file can have as its path',
		'keys are the same for uploads in parts': 'refuses keys that no file can have as its path',
		'a head of a version is that of this version': 'has no versions',
		'a delete marker hides an object, and gives it back when it is deleted itself':
			'has no versions',
		'versions and markers are deleted with others': 'has no versions',
		'each version has tags of its own': 'has no versions',
	},
};
