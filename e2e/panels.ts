// The window as a person meets it, an object a panel. Everything is found by role and name, or by class where it has no
// role of its own.

import { expect, type Locator, type Page } from '@playwright/test';

class Panel {
  readonly root: Locator;

  constructor(root: Locator) {
    this.root = root;
  }

  // A name that is a string is the whole one.

  button(name: string | RegExp): Locator {
    return this.root.getByRole('button', { name, exact: true });
  }

  group(name: string | RegExp): Locator {
    return this.root.getByRole('group', { name, exact: true });
  }
}

class Header extends Panel {
  readonly state = this.root.getByRole('status', { name: 'State' });
  readonly progress = this.group('Progress');
  /** Empty unless other machines can connect. */
  readonly network = this.root.getByRole('status', { name: 'Network' });
}

/** Fields by their whole labels. */
class Options extends Panel {
  number(name: string): Locator {
    return this.root.getByRole('spinbutton', { name, exact: true });
  }

  text(name: string): Locator {
    return this.root.getByRole('textbox', { name, exact: true });
  }

  choice(name: string): Locator {
    return this.root.getByRole('radio', { name, exact: true });
  }
}

class Sidebar extends Options {
  readonly recent = this.root.getByRole('region', { name: 'Recent' });
  readonly runs = new Panel(this.root.getByRole('region', { name: 'Runs' }));

  /** Shows the options behind the first ones. */
  async moreOptions(): Promise<void> {
    await this.root.getByRole('button', { name: /^More options/ }).click();
  }

  /** The entry of an experiment; the runs of the list have its name, too. */
  entry(name: string): Locator {
    return this.root.locator('.experiments').getByRole('button', { name });
  }

  /** Chooses an experiment: its entry, and which one where several share the entry. */
  async choose(entry: string, kind?: string): Promise<void> {
    await this.entry(entry).click();
    if (kind !== undefined) await this.choice(kind).check();
  }
}

class Settings extends Options {
  readonly network = this.root.getByRole('checkbox', { name: 'Open to the network' });
  /** Says what a reset or its undo did. */
  readonly resetDone = this.root.getByRole('status', { name: 'Reset' });
}

class Wire extends Panel {
  readonly client = this.group('client');
  readonly server = this.group('server');
  /** What happens at the cursor, in a sentence. */
  readonly now = this.root.getByRole('status', { name: 'Now' });
  /** What a run came to, at its end. */
  readonly summary = this.root.locator('.summary');
  /** What went wrong with the run, where it happened. */
  readonly failure = this.root.getByRole('alert');
  /** The ladder diagram: its texts are real text. */
  readonly ladder = this.root.getByRole('img', { name: /^Ladder diagram/ });
  /** The rows of facts whose words are drawn. */
  readonly labels = this.ladder.locator('.row text');
  /** The details of the fact that was chosen. */
  readonly chosen = this.root.getByRole('region', { name: 'Chosen fact' });
  /** What is dashed because it was not seen. */
  readonly inferred = this.ladder.locator('.inferred');
  /** The letters of the line that is being transformed. */
  readonly letters = this.ladder.locator('.stage .letter');
  /** The plot of the race, a mark a round. */
  readonly rounds = this.root.getByRole('listbox', { name: 'Rounds' });
  /** The plot of the client ports, a mark a run. */
  readonly ports = this.root.getByRole('listbox', { name: 'Client ports by run' });

  /** What the ladder says, whole. */
  onLadder(text: string): Locator {
    return this.ladder.getByText(text, { exact: true });
  }

  /** These letters as they are read, from left to right. */
  async readLetters(): Promise<string> {
    const letters = await this.letters.evaluateAll((marks) =>
      marks.map((mark) => ({ text: mark.textContent, x: Number(mark.getAttribute('x')) })),
    );
    return letters
      .sort((a, b) => a.x - b.x)
      .map(({ text }) => text)
      .join('');
  }
}

class Find extends Panel {
  readonly field = this.root.getByRole('textbox', { name: 'Find in the run' });
  /** How many hits there are, and which one the cursor is at. */
  readonly hits = this.root.getByRole('status', { name: 'Hits' });
  /** What can be asked, or what is wrong with what was asked. */
  readonly help = this.root.locator('#find-help');
}

/** Two runs side by side. */
class Comparison extends Panel {
  readonly verdict = this.root.getByRole('status', { name: 'First difference' });
  readonly inNumbers = this.root.getByRole('list', { name: 'In numbers' });
  readonly here = new ComparedRun(this.root.getByRole('region', { name: 'Here', exact: true }));
  readonly there = new ComparedRun(this.root.getByRole('region', { name: 'There' }));
  readonly line = this.root.getByRole('textbox', { name: 'Align at line' });
}

class ComparedRun extends Panel {
  readonly now = this.root.getByRole('status', { name: /^Now/ });
  readonly ladder = this.root.getByRole('img', { name: /^Ladder diagram/ });
}

class TimeBar extends Panel {
  readonly slider = this.root.getByRole('slider', { name: 'Time' });
  readonly speed = this.root.getByRole('combobox', { name: 'Speed' });
  readonly chapters = this.root.getByRole('toolbar', { name: 'Chapters' });
  /** The picture of the run above the slider, and what it says of the place under the pointer. */
  readonly minimap = this.root.locator('.minimap');
  readonly readout = this.root.locator('.time-readout');

  /** Waits until the cursor is there. */
  async scrubTo(seq: number): Promise<void> {
    await this.slider.fill(String(seq));
    await expect(this.slider.page().locator('html')).toHaveAttribute('data-cursor', String(seq));
  }

  async toEnd(): Promise<void> {
    // During a run it is called "Live: to the end".
    await this.root.getByRole('button', { name: 'To the end' }).click();
  }
}

class Table extends Panel {
  readonly rows = this.root.getByRole('row');
  /** What scrolls, and where the arrow keys go from row to row. */
  readonly body = this.root.getByRole('rowgroup', { name: /, scrollable/ });
  /** The row at the cursor. */
  readonly current = this.root.locator('[aria-current="step"]');

  /** By its place, the first below the head being 1, or by what it says. */
  row(which: number | string | RegExp): Locator {
    return typeof which === 'number' ? this.rows.nth(which) : this.root.getByRole('row', { name: which });
  }
}

class Evidence extends Panel {
  readonly portDoctor = new Panel(this.root.getByRole('region', { name: 'Who has the port' }));
  readonly countdown = this.root.getByRole('timer', { name: 'Until the port is free' });
  /** Where both sides are in one program. */
  readonly programOfBoth = this.group('The program with both sides');

  program(side: 'client' | 'server'): Locator {
    return this.group(`The ${side}'s program`);
  }

  /** The call of a program that the cursor stands on. */
  call(side: 'client' | 'server'): Locator {
    return this.program(side).locator('[aria-current="step"]');
  }
}

/** The notes of a run: beside the picture, and in the list among the evidence. */
class Notes extends Panel {
  /** Where playback stands at one. */
  readonly card = this.root.getByRole('status', { name: 'Note', exact: true });
  readonly answer = this.root.getByRole('list', { name: 'What was seen' }).getByRole('listitem');
  readonly editor = this.root.getByRole('form', { name: /^Note at fact/ });

  /** Writes into the editor that is open, and keeps the note. */
  async write(kind: 'Bookmark' | 'Chapter' | 'Question', title: string, text: string): Promise<void> {
    await this.editor.getByRole('radio', { name: kind }).check();
    await this.editor.getByRole('textbox', { name: 'Title' }).fill(title);
    await this.editor.getByRole('textbox').nth(1).fill(text);
    await this.editor.getByRole('button', { name: 'Keep note' }).click();
    await expect(this.editor).toHaveCount(0);
  }
}

/** One window, whoever started the app. */
export class AppWindow extends Panel {
  readonly page = this.root.page();
  readonly header = new Header(this.root.getByRole('banner'));
  readonly sidebar = new Sidebar(this.root.getByRole('navigation', { name: 'Experiments' }));
  readonly guide = new Panel(this.root.getByRole('region', { name: 'Guide' }));
  readonly wire = new Wire(this.root.getByRole('region', { name: 'Wire' }));
  readonly find = new Find(this.root.getByRole('search', { name: 'Find' }));
  readonly comparison = new Comparison(this.root.getByRole('region', { name: 'Comparison' }));
  readonly lines = new Table(this.root.getByRole('table', { name: 'Lines' }));
  readonly rounds = new Table(this.root.getByRole('table', { name: 'Rounds' }));
  readonly numbers = new Panel(this.root.getByRole('tabpanel', { name: 'Numbers' }));
  readonly givenBack = new Table(this.root.getByRole('table', { name: 'Given back' }));
  readonly transcript = this.root.getByRole('log', { name: 'Transcript' });
  /** Beside the wire, or a tab below it in a narrow window. */
  readonly evidence = new Evidence(
    this.root
      .getByRole('complementary', { name: 'Evidence' })
      .or(this.root.getByRole('tabpanel', { name: 'Evidence' })),
  );
  readonly notes = new Notes(this.root.getByRole('complementary', { name: 'Notes beside the picture' }));
  readonly noteList = new Panel(this.root.getByRole('region', { name: 'Notes', exact: true }));
  readonly timeBar = new TimeBar(this.root.getByRole('region', { name: 'Time', exact: true }));
  readonly settings = new Settings(this.dialog('Settings'));
  readonly #notices = this.root.getByRole('region', { name: 'Notices' });
  /** The notices of errors. */
  readonly alerts = this.#notices.getByRole('alert');
  /** The newest of them. */
  readonly alert = this.#notices.getByRole('alert').last();
  /** The newest notice of something done, or of what the person may want to know. */
  readonly done = this.#notices.getByRole('status').last();
  readonly contextMenu = this.root.getByRole('menu', { name: 'Context menu' });
  /** What stands where a view cannot be shown. */
  readonly failedViews = this.root.locator('.failed-view');

  constructor(page: Page) {
    super(page.locator('html'));
  }

  dialog(name: string): Locator {
    return this.root.getByRole('dialog', { name });
  }

  tab(
    name: 'Evidence' | 'Fact' | 'Lines' | 'Notes' | 'Numbers' | 'Ports' | 'Rounds' | 'Transcript',
  ): Locator {
    return this.root.getByRole('tab', { name });
  }

  /** Presses keys one after another. */
  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key);
  }
}
