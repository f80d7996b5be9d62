// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.format;

import dev.varve.storage.error.VarveException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/// Rows of a stream, cut into pieces at the ends of rows, so that several threads can read them.
/// One thread takes pieces and gives them back; their readers may be made and used by any.
///
/// The rows of all pieces, one after the other, are those that one reader of the whole stream would
/// give.
public final class RowPieces {
  /// Enough that handing it on costs nothing, and little enough to lie in a core's cache.
  private static final int PIECE_BYTES = 1 << 20;

  /// The first one is smaller: most inserts end there.
  private static final int FIRST_BYTES = 1 << 18;

  private final ByteInput input;
  private final Header header;
  private final RowEnds ends;
  private final Opener opener;
  private final Deque<byte[]> idle = new ArrayDeque<>();
  private int firstBytes = FIRST_BYTES;
  private int pieceBytes = PIECE_BYTES;
  private boolean begun;
  private int[] order;

  /// Some bytes of the stream, which are whole rows.
  ///
  /// @param last whether the stream ends with them
  public record Piece(byte[] bytes, int from, int to, boolean last) {}

  /// Reads what stands before the rows.
  @FunctionalInterface
  interface Header {
    /// Returns the column of each field.
    int[] read(ByteInput input) throws IOException;
  }

  /// Makes the reader of a piece.
  @FunctionalInterface
  interface Opener {
    /// @param explains whether messages must be those that a reader of the whole stream gives
    RowsReader open(ByteInput piece, int[] order, boolean explains);
  }

  RowPieces(ByteInput input, Header header, RowEnds ends, Opener opener) {
    this.input = input;
    this.header = header;
    this.ends = ends;
    this.opener = opener;
  }

  /// The same, cut into pieces of another size.
  RowPieces ofBytes(int bytes) {
    firstBytes = bytes;
    pieceBytes = bytes;
    return this;
  }

  /// The next piece, or null at the end.
  ///
  /// @throws VarveException where a row is too large to be held, or the header names no column
  public Piece next() throws IOException {
    int wanted = begun ? pieceBytes : firstBytes;
    if (!begun) {
      order = header.read(input);
      begun = true;
    }
    while (true) {
      while (input.to - input.from < wanted && input.more()) {}
      boolean whole = input.to - input.from < wanted;
      int end = whole ? input.to : ends.last(input.bytes, input.from, input.from + wanted);
      if (whole && input.from == input.to) {
        return null;
      }
      if (end > input.from) {
        Piece piece = new Piece(input.bytes, input.from, end, whole);
        byte[] free = idle.pollFirst();
        input.goOn(end, free == null ? new byte[whole ? 0 : PIECE_BYTES] : free);
        return piece;
      }
      wanted = (int) Math.min(Integer.MAX_VALUE / 2, wanted * 2L);
    }
  }

  /// A reader of a piece's rows.
  ///
  /// @param explains whether its messages must be those that a reader of the whole stream gives;
  ///   else it may be quicker
  public Reader reader(Piece piece, boolean explains) {
    ByteInput window = new ByteInput();
    window.open(piece.bytes(), piece.from(), piece.to());
    return new Reader(window, opener.open(window, order, explains));
  }

  /// Reads the rows of one piece. One thread.
  public static final class Reader {
    private final ByteInput window;
    private final RowsReader rows;

    Reader(ByteInput window, RowsReader rows) {
      this.window = window;
      this.rows = rows;
    }

    /// Says how many rows the pieces before have, so that messages from here on number the rows of
    /// the stream and not of the piece.
    public void startBehind(long rowsBefore) {
      window.row += rowsBefore;
    }

    /// Appends up to `maxRows` rows and returns how many there were; 0 means the end.
    public int read(RowBuilders to, int maxRows) throws IOException {
      return rows.read(to, maxRows);
    }
  }

  /// Gives a piece back that no reader needs any more.
  public void giveBack(Piece piece) {
    if (piece.bytes().length == PIECE_BYTES) {
      idle.addFirst(piece.bytes());
    }
  }
}
