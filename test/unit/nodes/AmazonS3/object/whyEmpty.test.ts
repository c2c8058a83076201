import { whyEmpty, whyNothingDeleted } from '../../../../../nodes/AmazonS3/object/whyEmpty';

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
		`${NONE} begins with “data/” and matches “**.pdf”. The pattern has to match the whole key, with its folders.`,
	],
	[
		{ keyMatches: '^*.pdf' },
		`${NONE} matches “^*.pdf”. The pattern has to match the whole key, with its folders.`,
	],
	[{ minSize: 1 }, `${NONE} has at least 1 byte.`],
	[{ minSize: 0, maxSize: 7 }, `${NONE} has at most 7 bytes.`],
	[
		{ prefix: 'data/', startAfter: 'data/z' },
		`${NONE} begins with “data/” and comes after “data/z”.`,
	],
	[
		{
			prefix: 'reports/',
			keyMatches: 'reports/*.csv',
			modifiedAfter: new Date('2026-12-02T00:00:00Z'),
			modifiedBefore: new Date('2026-12-03T00:00:00.5Z'),
		},
		`${NONE} begins with “reports/”, matches “reports/*.csv”, was modified at 2026-12-02T00:00:00Z or later and was modified before 2026-12-03T00:00:00.500Z.`,
	],
	[
		{ prefix: 'data/', excludePrefixItself: true },
		`${NONE} other than “data/” itself begins with “data/”. Upper and lower case make a difference.`,
	],
	[{ prefix: 'Data/' }, `${NONE} begins with “Data/”. Upper and lower case make a difference.`],
	[
		{ keyMatches: '.*\\.csv$' },
		`${NONE} matches “.*\\.csv$”. This looks like a regular expression, and the pattern is none: **.csv stands for all keys that end with .csv.`,
	],
])('whyEmpty says of a listing with %j why it found nothing', (asked, sentence) => {
	expect(whyEmpty({ bucket: 'b', ...asked })).toBe(sentence);
});

it.each([
	[{ prefix: '/' }, `${NONE} begins with “/”.`],
	[{ prefix: 'a/', keyMatches: '*.pdf' }, `${NONE} begins with “a/” and matches “*.pdf”.`],
])(
	'whyNothingDeleted says of %j what was looked for, and not what else could be deleted',
	(asked, sentence) => {
		expect(whyNothingDeleted({ bucket: 'b', ...asked })).toBe(
			`${sentence} So there is nothing to delete.`,
		);
	},
);
