// SPDX-License-Identifier: Apache-2.0
import { acceptCompletion, autocompletion, closeBrackets, completeFromList } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { PostgreSQL, SQLDialect, sql } from '@codemirror/lang-sql';
import { HighlightStyle, bracketMatching, indentOnInput, syntaxHighlighting } from '@codemirror/language';
import { lintGutter, setDiagnostics } from '@codemirror/lint';
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search';
import { Compartment, EditorState, Prec } from '@codemirror/state';
import { EditorView, drawSelection, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import type { Names } from './schema';
import type { ServerError } from './server';
import { offsetOf, statementAt } from './statements';

const DIALECT = SQLDialect.define({
  keywords:
    `${PostgreSQL.spec.keywords ?? ''} prewhere final sample qualify asof any semi anti settings` +
    ' format explain analyze pipeline engine mergetree replacingmergetree collapsingmergetree' +
    ' versionedcollapsingmergetree summingmergetree aggregatingmergetree partition ttl codec totals' +
    ' limit by array join optimize system kill query show tables databases describe use topic',
  backslashEscapes: true,
  doubleQuotedStrings: false,
  identifierQuotes: '"`',
  types:
    'int8 int16 int32 int64 int128 int256 uint8 uint16 uint32 uint64 float32 float64 decimal string' +
    ' fixedstring uuid date date32 datetime datetime64 bool array map tuple nullable lowcardinality',
});

const COLORS = HighlightStyle.define([
  { tag: tags.keyword, color: 'var(--keyword)', fontWeight: '600' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--string)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--number)' },
  { tag: [tags.lineComment, tags.blockComment], color: 'var(--quiet)', fontStyle: 'italic' },
  { tag: tags.typeName, color: 'var(--type)' },
]);

export interface Ask {
  sql: string;
  /** Where in the document the statement starts. */
  from: number;
}

/** The SQL editor: one document, of which the statement at the cursor or the selection is run. */
export class Editor {
  readonly view: EditorView;
  private readonly language = new Compartment();
  private functions: string[] = [];

  constructor(parent: HTMLElement, text: string, actions: { run: () => void; changed: (text: string) => void }) {
    const run = (): boolean => {
      actions.run();
      return true;
    };
    this.view = new EditorView({
      parent,
      state: EditorState.create({
        doc: text,
        extensions: [
          Prec.highest(keymap.of([{ key: 'Mod-Enter', run }, { key: 'Tab', run: acceptCompletion }])),
          lineNumbers(),
          lintGutter(),
          history(),
          drawSelection(),
          indentOnInput(),
          bracketMatching(),
          closeBrackets(),
          autocompletion(),
          highlightActiveLine(),
          highlightSelectionMatches(),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ 'aria-label': 'SQL' }),
          syntaxHighlighting(COLORS),
          keymap.of([...defaultKeymap, ...historyKeymap, ...searchKeymap, indentWithTab]),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) {
              actions.changed(update.state.doc.toString());
            }
          }),
          this.language.of(sql({ dialect: DIALECT })),
        ],
      }),
    });
  }

  complete(names: Names, functions: string[]): void {
    this.functions = functions;
    const offered = completeFromList(
      this.functions.map((label) => ({ label, type: 'function', boost: -1 })),
    );
    this.view.dispatch({
      effects: this.language.reconfigure([
        sql({ dialect: DIALECT, schema: names, upperCaseKeywords: true }),
        DIALECT.language.data.of({ autocomplete: offered }),
      ]),
    });
  }

  /** What a run is about: the selection, or else the statement at the cursor. */
  asked(): Ask | null {
    const { main } = this.view.state.selection;
    const text = this.view.state.doc.toString();
    if (!main.empty) {
      return { sql: text.slice(main.from, main.to), from: main.from };
    }
    const statement = statementAt(text, main.head);
    return statement && { sql: text.slice(statement.from, statement.to), from: statement.from };
  }

  /** Marks the place that an error names. */
  mark(error: ServerError | null, asked: Ask | null): void {
    const diagnostics = [];
    if (error !== null && asked !== null && error.line > 0) {
      const from = asked.from + offsetOf(asked.sql, error.line, error.column);
      const word = /^[\w.]+|^\S/.exec(this.view.state.doc.sliceString(from, from + 100))?.[0] ?? '';
      const end = Math.min(this.view.state.doc.length, from + Math.max(1, word.length));
      const start = Math.min(from, Math.max(0, end - 1));
      diagnostics.push({ from: start, to: end, severity: 'error' as const, message: error.message });
    }
    this.view.dispatch(setDiagnostics(this.view.state, diagnostics));
  }

  replace(text: string): void {
    this.view.dispatch({ changes: { from: 0, to: this.view.state.doc.length, insert: text } });
    this.view.focus();
  }

  insert(text: string): void {
    this.view.dispatch(this.view.state.replaceSelection(text));
    this.view.focus();
  }

  /** Adds a statement behind what is there. */
  append(statement: string): void {
    const text = this.view.state.doc.toString().trimEnd();
    const joint = text === '' ? '' : text.endsWith(';') ? '\n' : ';\n';
    const whole = `${text}${joint}${statement}`;
    this.view.dispatch({
      changes: { from: 0, to: this.view.state.doc.length, insert: whole },
      selection: { anchor: whole.length },
      scrollIntoView: true,
    });
    this.view.focus();
  }
}
