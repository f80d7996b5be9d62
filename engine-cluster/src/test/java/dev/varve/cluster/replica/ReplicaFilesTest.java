// SPDX-License-Identifier: Apache-2.0
package dev.varve.cluster.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.storage.error.VarveException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ReplicaFilesTest {
  private static final int BYTES = 100_000;

  @TempDir private Path directory;

  private Path there;
  private Path here;
  private ReplicaFiles theirs;
  private ReplicaFiles ours;

  /// Another server, over a network that lets so many bytes pass at a time.
  private final class Link implements ReplicaFiles.Source {
    private final int bytesAtOnce;
    private boolean flipsABit;
    private int requests;

    Link(int bytesAtOnce) {
      this.bytesAtOnce = bytesAtOnce;
    }

    @Override
    public String text(String path) throws IOException {
      try {
        return theirs.list(path.substring(path.indexOf('=') + 1));
      } catch (VarveException gone) {
        throw new IOException(gone);
      }
    }

    @Override
    public void bytes(String path, FileChannel into) throws IOException {
      requests++;
      String name = path.substring(path.indexOf('=') + 1, path.indexOf('&'));
      int from = Integer.parseInt(path.substring(path.lastIndexOf('=') + 1));
      byte[] all = Files.readAllBytes(theirs.file(name));
      int to = Math.min(all.length, from + bytesAtOnce);
      if (flipsABit) {
        all[from] ^= 1;
      }
      into.write(ByteBuffer.wrap(all, from, to - from));
      if (to < all.length) {
        throw new IOException("the link broke");
      }
    }
  }

  @BeforeEach
  void makePart() throws IOException {
    there = Files.createDirectory(directory.resolve("there"));
    here = Files.createDirectory(directory.resolve("here"));
    theirs = new ReplicaFiles(there);
    ours = new ReplicaFiles(here);
    byte[] bytes = new byte[BYTES];
    new java.util.SplittableRandom(1).nextBytes(bytes);
    Files.createDirectory(there.resolve("part-7"));
    Files.write(there.resolve("part-7/data"), bytes);
    Files.write(there.resolve("part-7/empty"), new byte[0]);
    Files.write(there.resolve("part-7.deleted-2"), new byte[] {1, 2, 3});
  }

  @Test
  void aBrokenTransferGoesOnWhereItWas() throws IOException {
    Link link = new Link(30_000);
    ours.fetch("part-7", link);
    assertThat(link.requests).isEqualTo(4);
    assertThat(here.resolve("part-7/data")).hasSameBinaryContentAs(there.resolve("part-7/data"));
    assertThat(here.resolve("part-7/empty")).isEmptyFile();
  }

  @Test
  void whatIsHereIsNotFetchedAgainAndWhatIsDamagedIs() throws IOException {
    Link link = new Link(BYTES);
    ours.fetch("part-7", link);
    ours.fetch("part-7", link);
    assertThat(link.requests).isEqualTo(1);
    Files.write(here.resolve("part-7/data"), new byte[BYTES]);
    ours.fetch("part-7", link);
    assertThat(here.resolve("part-7/data")).hasSameBinaryContentAs(there.resolve("part-7/data"));
  }

  @Test
  void aFileOfDeletedRowsIsFetchedByItself() throws IOException {
    ours.fetch("part-7.deleted-2", new Link(BYTES));
    assertThat(here.resolve("part-7.deleted-2")).hasBinaryContent(new byte[] {1, 2, 3});
  }

  @Test
  void bytesThatChangedOnTheirWayAreNotTaken() {
    Link link = new Link(BYTES);
    link.flipsABit = true;
    assertThatThrownBy(() -> ours.fetch("part-7", link)).isInstanceOf(VarveException.class);
    assertThat(here.resolve("part-7")).doesNotExist();
  }

  @Test
  void aLinkThatStaysBrokenIsGivenUp() {
    assertThatThrownBy(() -> ours.fetch("part-7", new Link(10))).isInstanceOf(IOException.class);
    assertThat(here.resolve("part-7")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"../secret", "part-7/../../x", "part-7/.hidden", "access", "part-7/a/b", ""})
  void nothingButPartsIsHandedOut(String name) {
    assertThatThrownBy(() -> theirs.file(name)).isInstanceOf(VarveException.class);
  }
}
