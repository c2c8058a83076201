import type { Parameters } from './Workflow';

/** Which of n8n's nodes it is: AWS S3 in its version 1 or 2, or S3, which is made of the former. */
export type Origin = 'awsS3V1' | 'awsS3V2' | 's3';

/** What takes the place of an operation. */
export interface Converted {
	resource: 'object' | 'bucket';
	operation: string;
	parameters: Parameters;
	options: Parameters;
	/** What a person has to know or to do, each as a sentence. */
	notes: string[];
	/** Names that fields of the items have now, by their names before. */
	renamed?: Readonly<Record<string, string>>;
}

/**
 * Makes of the parameters of an operation what takes its place.
 * @param isTool whether the node is a tool of an AI agent, which takes and gives text and no files
 */
export type Convert = (its: Parameters, origin: Origin, isTool: boolean) => Converted;
