import { whyEmpty } from '../../../../../nodes/AmazonS3/object/whyEmpty';

const NONE = 'No object of bucket “b”';

it.each([
	[{}, 'Bucket “b” has no objects.'],
	[{ prefix: '/data' }, `${NONE} begins with “/data”. Keys seldom begin with a slash: try “data”.`],
	[
		{ prefix: '/' },
		`${NONE} begins with “/”. Keys seldom begin with a slash: leave the prefix empty.`,
	],
	[
		{ prefix: 'data/*.pdf' },
		`${NONE} begins with “data/*.pdf”. A prefix has no wildcards: they belong in the option Key Matches.`,
	],
	[
		{ prefix: 's3://b/data/' },
		`${NONE} begins with “s3://b/data/”. This prefix is a whole S3 URI: enter only “data/” as prefix.`,
	],
	[
		{ prefix: 'b/data/' },
		`${NONE} begins with “b/data/”. This prefix begins with the name of the bucket: try “data/”.`,
	],
	[
		{ keyMatches: '*.pdf' },
		`${NONE} matches “*.pdf”. One * does not go beyond a slash: for all folders try “**.pdf”.`,
	],
	[
		{ prefix: 'data/', keyMatches: '**.pdf' },
		`${NONE} matches “**.pdf”. The pattern has to match the whole key, with its folders.`,
	],
	[
		{ keyMatches: '^*.pdf' },
		`${NONE} matches “^*.pdf”. The pattern has to match the whole key, with its folders.`,
	],
	[{ minSize: 7 }, `${NONE} has the date or size that the options ask for.`],
	[{ prefix: 'data/', startAfter: 'data/z' }, `${NONE} comes after “data/z”.`],
	[{ prefix: 'Data/' }, `${NONE} begins with “Data/”. Upper and lower case make a difference.`],
])('whyEmpty says of a listing with %j why it found nothing', (asked, sentence) => {
	expect(whyEmpty({ bucket: 'b', ...asked })).toBe(sentence);
});
