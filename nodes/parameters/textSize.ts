import { MiB } from '../../s3/bytes';
import type { OptionGroup } from './OptionGroup';
import { readNumber } from './read';

const DEFAULT_MB = 64;
/** MiB. Node holds no text of 512 MiB. */
const MAX_MB = 511;

/** How many bytes of an object may become text or JSON, all of which is in memory. */
export const textSize: OptionGroup<number> = {
	fields: [
		{
			displayName: 'Max Text Size (MiB)',
			name: 'maxTextSizeMb',
			type: 'number',
			typeOptions: { minValue: 0, maxValue: MAX_MB },
			displayOptions: { show: { '/as': ['text', 'json'] }, hide: { '@tool': [true] } },
			default: DEFAULT_MB,
			description:
				'The largest content to return as text or JSON, counted after gzip is unpacked. n8n holds it in memory several times.',
		},
	],
	read: (source) => {
		const bounds = { min: 0, max: MAX_MB };
		const mebibytes = readNumber(source, 'options.maxTextSizeMb', bounds) ?? DEFAULT_MB;
		return Math.floor(mebibytes * MiB);
	},
};
