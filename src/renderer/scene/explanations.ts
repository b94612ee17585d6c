// Why it is as it is: short, each with the place where it can be read.

import { EXPERIMENTS, type ExperimentName, type TopicId } from '../../shared/experiments/definitions.ts';

export interface Topic {
  readonly id: TopicId;
  readonly question: string;
  readonly answer: string;
  readonly source: string;
}

const TOPICS: readonly Topic[] = [
  {
    id: 'handshake',
    question: 'Why three segments before the first byte?',
    answer:
      'Both sides number their bytes, and each has to learn and confirm the number the other begins with. SYN says the client’s, SYN-ACK confirms it and says the server’s, ACK confirms that. The kernels do this: accept() only fetches a connection that is made already.',
    source: 'RFC 9293 section 3.5; listen(2), accept(2)',
  },
  {
    id: 'ephemeral',
    question: 'Why is the client’s port another one on each run?',
    answer:
      'A connection is told apart by two addresses and two ports. The server’s port must be known before; the client’s only has to be free, so the kernel picks one from a range. Linux since 4.2 prefers even ports for connect() and leaves the odd ones to bind(): that is why they are often even.',
    source:
      'RFC 6335 section 6; ip(7), ip_local_port_range; Linux 4.2, “tcp/dccp: try to not exhaust ip_local_port_range in connect()”',
  },
  {
    id: 'refused',
    question: 'Why “Connection refused”?',
    answer:
      'Nobody listens on that port at the moment the SYN arrives, so the kernel there answers with a reset (RST). It is ECONNREFUSED: errno 111 on Linux, 61 on macOS, 10061 on Windows. Start the server first, and wait until it listens.',
    source: 'RFC 9293 section 3.5.2; connect(2)',
  },
  {
    id: 'in-use',
    question: 'Why “Address already in use”?',
    answer:
      'Another socket has the address and port: a program that listens, an outgoing connection that was given this port, or a connection that ended less than a minute ago. It is EADDRINUSE: errno 98 on Linux, 48 on macOS, 10048 on Windows.',
    source: 'bind(2), listen(2)',
  },
  {
    id: 'time-wait',
    question: 'Why is a port still taken after the program has ended?',
    answer:
      'The side that closes first keeps the connection’s numbers for a while, 60 seconds on Linux, so that a late segment is not taken for one of a new connection (TIME_WAIT). Where the old server had set SO_REUSEADDR before bind(), and the new one does too, the port can be had again at once.',
    source: 'RFC 9293 sections 3.3.2 and 3.6.1; socket(7), SO_REUSEADDR',
  },
  {
    id: 'byte-stream',
    question: 'Why does the server have to look for newlines?',
    answer:
      'TCP delivers bytes in order and keeps no boundaries: what was written in two calls may be read in one, and the other way round. Only something in the bytes themselves, such as a newline, says where a line ends.',
    source: 'RFC 9293 section 2.2; tcp(7)',
  },
];

/** All topics, those of the experiment first. */
export function topicsFor(experiment: ExperimentName): {
  readonly first: readonly Topic[];
  readonly others: readonly Topic[];
} {
  const wanted = EXPERIMENTS[experiment].why;
  return {
    first: wanted.flatMap((id) => TOPICS.filter((topic) => topic.id === id)),
    others: TOPICS.filter((topic) => !wanted.includes(topic.id)),
  };
}
