import type { Topic } from '../../scene/explanations.ts';
import { topicsFor } from '../../scene/explanations.ts';
import { showDialog, useRun } from '../../store/run.ts';
import { Dialog } from '../../ui/dialog.tsx';
import './why-dialog.css';

/** Why it is as it is: the topics of the experiment open, the others to be opened. */
export function WhyDialog() {
  const open = useRun((state) => state.dialog === 'why');
  const { first, others } = topicsFor(useRun((state) => state.chosen));
  return (
    <Dialog
      title="Why?"
      open={open}
      onClose={() => {
        showDialog(undefined);
      }}
    >
      {first.map((topic) => (
        <TopicEntry key={topic.id} topic={topic} open />
      ))}
      {others.map((topic) => (
        <TopicEntry key={topic.id} topic={topic} open={false} />
      ))}
    </Dialog>
  );
}

function TopicEntry({ topic, open }: { readonly topic: Topic; readonly open: boolean }) {
  return (
    <details className="topic" open={open}>
      <summary>{topic.question}</summary>
      <p>{topic.answer}</p>
      <p className="topic-source">{topic.source}</p>
    </details>
  );
}
