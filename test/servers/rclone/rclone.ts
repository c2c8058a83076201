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
	lacks: ['emptyUploads', 'keysUnlikePaths', 'tagAlphabet', 'acls', 'tagsOfNewBuckets'],
	summary:
		'Works for objects without versions. Has no locks, storage classes, upload forms or *Encryption Customer Key*; keys have to be paths of files.',
	consequences: ['With an *Encryption Customer Key* it refuses the request, and stores nothing.'],
	faults: {
		'an ACL that S3 does not have stores nothing': 'takes ACLs with names that S3 does not have',
		'an object in another storage class is private, or has the ACL that is asked for':
			'has no storage classes',
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
		'a get gives the tags of the object, and of an older version those that it has':
			'has no versions',
		'a get gives the tags of what it reads, also if the object is replaced in between':
			'has no versions',
		'versions are listed by key, the newest first, with their delete markers': 'has no versions',
		'versions of more than one page are all listed once, also those of a key on two pages':
			'has no versions',
		'versions of one key are not those of keys that begin with it': 'has no versions',
		'a listing of versions begins after a key, and puts keys together up to a delimiter':
			'has no versions',
		'every object under a prefix is deleted, whatever its key, and no other':
			'refuses keys that no file can have as its path',
		'what would come back is told in a dry run, and stays deleted': 'has no versions',
		'deleted objects come back from under their delete markers, with content and metadata':
			'has no versions',
		'an object comes back however often it was deleted': 'has no versions',
		'a receipt brings back what it lists and nothing else': 'has no versions',
		'a delete marker that was deleted with all versions brings nothing back': 'has no versions',
		'versions of a moment come back over newer ones, with metadata, tags and storage class, however large':
			'has no versions',
		'a delete while versions are suspended puts a marker for the version null and keeps the older ones':
			'has no versions',
		'all versions of a prefix are deleted for good': 'has no versions',
		'a bucket that is created with versions keeps them': 'has no versions',
		'a bucket is deleted with all that is in it only when that is asked for': 'has no versions',
		'a copy of an object under a customer’s own key needs that key, and may have another':
			'refuses the keys of customers',
		'an object under a customer’s own key stays so in another storage class and another place':
			'refuses the keys of customers',
		'a copy only if different is skipped if size and checksum are the same':
			'gives a copy no checksum',
		'a copy of an old version has its bytes': 'has no versions',
		'a copy is not locked as its source is, and an object in another storage class is':
			'has no locks',
		'a copy does not have the redirect of its source, and an object in another storage class keeps it':
			'copies the website redirect of an object, too',
		'an object in another storage class has all it had': 'has no storage classes',
		'a version in another storage class is the newest, and the old ones stay': 'has no versions',
		'a move in a bucket with versions hides the source with a marker': 'has no versions',
		'a move in a bucket with versions deletes the version that it has copied, if it is asked to':
			'has no versions',
		'a put of few bytes locks the object': 'has no locks',
		'a put of a stream locks the object': 'has no locks',
		'a put of more than the threshold locks the object': 'has no locks',
		'a put of unknown size locks the object, or says that the server has forgotten it':
			'has no locks',
		'a lock stops the deletion of its version and no other, until governance is bypassed':
			'has no locks',
		'locked versions are deleted with all others of a prefix only if governance is bypassed':
			'has no locks',
		'an archived object is read, copied and put into another class when it was restored':
			'reads objects in archives at once',
		'a link to a version gives this version': 'has no versions',
		'a link works for an object under a customer’s own key': 'refuses the keys of customers',
		'a form stores a file under the conditions that were signed': 'has no upload forms',
		'a form with a prefix names the object after the file, and sends the browser on':
			'has no upload forms',
		'an append to a small secret under a customer’s own key is under that key, too':
			'refuses the keys of customers',
		'an append to a large secret under a customer’s own key is under that key, too':
			'refuses the keys of customers',
	},
};
