// SPDX-License-Identifier: Apache-2.0
package dev.varve.cluster.coordination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.varve.storage.error.VarveException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MemberTest {
  @Test
  void listReadsVotersAndObservers() {
    List<Member> members = Member.list("1=a:2888:3888:2181, 2=b:2889:3889:2182:observer");
    assertThat(members)
        .containsExactly(
            new Member(1, "a", 2888, 3888, 2181, false),
            new Member(2, "b", 2889, 3889, 2182, true));
    assertThat(members.get(1).line()).isEqualTo("b:2889:3889:observer;b:2182");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a:1:2:3",
        "1=a:1:2",
        "1=a:1:2:3:leader",
        "x=a:1:2:3",
        "1=a:1:2:70000",
        "0=a:1:2:3",
        "1=a:1:2:3,1=b:1:2:3",
        "1=a:1:2:3:observer"
      })
  void listRefusesWhatItCannotRead(String text) {
    assertThatThrownBy(() -> Member.list(text))
        .isInstanceOf(VarveException.class)
        .hasMessageContaining("--cluster");
  }

  @Test
  void serversOfSeveralMachinesNeedASecret() {
    List<Member> members = Member.list("1=192.0.2.1:1:2:3");
    assertThatThrownBy(() -> ClusterSettings.member(1, members, ""))
        .hasMessageContaining("--cluster-secret");
    assertThat(ClusterSettings.member(1, members, "word").secret()).isEqualTo("word");
  }

  @Test
  void serverIdMustBeOneOfTheList() {
    assertThatThrownBy(() -> ClusterSettings.member(4, FreePorts.members(3), ""))
        .hasMessageContaining("none of --cluster's: 1, 2, 3");
  }
}
