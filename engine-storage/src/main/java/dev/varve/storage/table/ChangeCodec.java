// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.table;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.part.LogRange;
import dev.varve.storage.part.PartInfo;
import dev.varve.storage.part.SeqRange;
import dev.varve.storage.table.CatalogChange.Operation;
import java.nio.ByteBuffer;

/// The payload of a manifest record: a count, then each operation as its kind and its fields. The
/// kinds and the order of fields are the format; `docs/format/manifest.md` draws them.
public final class ChangeCodec {
  private static final int CREATE_DATABASE = 1;
  private static final int DROP_DATABASE = 2;
  private static final int PUT_TABLE = 3;
  private static final int DROP_TABLE = 4;
  private static final int ADD_PART = 5;
  private static final int REMOVE_PART = 6;
  private static final int SET_OFFSET = 7;
  private static final int PUT_STEP = 8;
  private static final int RAISE_SEQUENCE = 9;
  private static final int RAISE_PART_IDS = 10;
  private static final int RAISE_TABLE_IDS = 11;
  private static final int PUT_TABLE_2 = 12;
  private static final int PUT_DELETES = 13;
  private static final int PUT_TOKEN = 14;
  private static final int FORGET_TOKENS = 15;
  private static final int PUT_MARK = 16;
  private static final int PUT_POSITION = 17;
  private static final int PUT_STATE = 18;
  private static final int QUARANTINE_PART = 32;
  private static final int RELEASE_PART = 33;

  private ChangeCodec() {}

  public static byte[] encode(CatalogChange change) {
    RecordWriter out = new RecordWriter();
    out.list(change.operations(), operation -> write(operation, out));
    return out.toBytes();
  }

  private static void write(Operation operation, RecordWriter out) {
    switch (operation) {
      case Operation.CreateDatabase(String name) -> out.u8(CREATE_DATABASE).text(name);
      case Operation.DropDatabase(String name) -> out.u8(DROP_DATABASE).text(name);
      case Operation.PutTable(long table, TableDefinition definition) -> {
        out.u8(PUT_TABLE_2).i64(table);
        DefinitionCodec.write(definition, out);
      }
      case Operation.DropTable(long table) -> out.u8(DROP_TABLE).i64(table);
      case Operation.AddPart(PartInfo part) -> {
        out.u8(ADD_PART);
        writePart(part, out);
      }
      case Operation.RemovePart(long table, long part) -> out.u8(REMOVE_PART).i64(table).i64(part);
      case Operation.PutDeletes(long table, long part, int number, long rows) ->
          out.u8(PUT_DELETES).i64(table).i64(part).i32(number).i64(rows);
      case Operation.SetOffset(long table, int partition, long offset) ->
          out.u8(SET_OFFSET).i64(table).i32(partition).i64(offset);
      case Operation.PutStep(long table, SeqStep(int partition, long from, long base)) ->
          out.u8(PUT_STEP).i64(table).i32(partition).i64(from).i64(base);
      case Operation.RaiseSequence(long table, long sequence) ->
          out.u8(RAISE_SEQUENCE).i64(table).i64(sequence);
      case Operation.RaisePartIds(long next) -> out.u8(RAISE_PART_IDS).i64(next);
      case Operation.RaiseTableIds(long next) -> out.u8(RAISE_TABLE_IDS).i64(next);
      case Operation.QuarantinePart(long table, long part, Quarantine(String why, long since)) ->
          out.u8(QUARANTINE_PART).i64(table).i64(part).text(why).i64(since);
      case Operation.ReleasePart(long table, long part) ->
          out.u8(RELEASE_PART).i64(table).i64(part);
      case Operation.PutToken(long table, String token) -> out.u8(PUT_TOKEN).i64(table).text(token);
      case Operation.ForgetTokens(long table) -> out.u8(FORGET_TOKENS).i64(table);
      case Operation.PutMark(long table, String name, long value) ->
          out.u8(PUT_MARK).i64(table).text(name).i64(value);
      case Operation.PutPosition(ReplicaPosition(long version, long hash)) ->
          out.u8(PUT_POSITION).i64(version).i64(hash);
      case Operation.PutState(String name, String content) ->
          out.u8(PUT_STATE).text(name).text(content);
    }
  }

  private static void writePart(PartInfo part, RecordWriter out) {
    out.i64(part.id()).i64(part.table()).i32(part.schemaVersion()).i32(part.level());
    out.list(part.parents(), out::i64);
    out.text(part.partition()).i64(part.rows());
    out.i64(part.sequences().first()).i64(part.sequences().last());
    out.list(
        part.sources(), source -> out.i32(source.partition()).i64(source.from()).i64(source.to()));
    out.i64(part.bytes()).i64(part.createdMillis());
  }

  /// @throws RuntimeException if the bytes are no change; the caller knows file and offset
  public static CatalogChange decode(ByteBuffer payload) {
    RecordReader in = new RecordReader(payload);
    CatalogChange change = new CatalogChange(in.list(() -> read(in)));
    if (!in.atEnd()) {
      throw new IllegalArgumentException("bytes after the last operation");
    }
    return change;
  }

  private static Operation read(RecordReader in) {
    int kind = in.u8();
    return switch (kind) {
      case CREATE_DATABASE -> new Operation.CreateDatabase(in.text());
      case DROP_DATABASE -> new Operation.DropDatabase(in.text());
      case PUT_TABLE -> new Operation.PutTable(in.i64(), DefinitionCodec.readFirst(in));
      case PUT_TABLE_2 -> new Operation.PutTable(in.i64(), DefinitionCodec.read(in));
      case PUT_DELETES -> new Operation.PutDeletes(in.i64(), in.i64(), in.i32(), in.i64());
      case DROP_TABLE -> new Operation.DropTable(in.i64());
      case ADD_PART -> new Operation.AddPart(readPart(in));
      case REMOVE_PART -> new Operation.RemovePart(in.i64(), in.i64());
      case SET_OFFSET -> new Operation.SetOffset(in.i64(), in.i32(), in.i64());
      case PUT_STEP -> new Operation.PutStep(in.i64(), new SeqStep(in.i32(), in.i64(), in.i64()));
      case RAISE_SEQUENCE -> new Operation.RaiseSequence(in.i64(), in.i64());
      case RAISE_PART_IDS -> new Operation.RaisePartIds(in.i64());
      case RAISE_TABLE_IDS -> new Operation.RaiseTableIds(in.i64());
      case QUARANTINE_PART ->
          new Operation.QuarantinePart(in.i64(), in.i64(), new Quarantine(in.text(), in.i64()));
      case RELEASE_PART -> new Operation.ReleasePart(in.i64(), in.i64());
      case PUT_TOKEN -> new Operation.PutToken(in.i64(), in.text());
      case FORGET_TOKENS -> new Operation.ForgetTokens(in.i64());
      case PUT_MARK -> new Operation.PutMark(in.i64(), in.text(), in.i64());
      case PUT_STATE -> new Operation.PutState(in.text(), in.text());
      case PUT_POSITION -> new Operation.PutPosition(new ReplicaPosition(in.i64(), in.i64()));
      default ->
          throw new VarveException(
              ErrorCode.UNSUPPORTED_FORMAT_VERSION,
              "operation " + kind + " is not known to this version");
    };
  }

  private static PartInfo readPart(RecordReader in) {
    return new PartInfo(
        in.i64(),
        in.i64(),
        in.i32(),
        in.i32(),
        in.list(in::i64),
        in.text(),
        in.i64(),
        new SeqRange(in.i64(), in.i64()),
        in.list(() -> new LogRange(in.i32(), in.i64(), in.i64())),
        in.i64(),
        in.i64());
  }
}
