<#-- SPDX-License-Identifier: Apache-2.0 -->

/** CHECK TABLE t [PART 'part-7']: every byte of its parts. */
Statement CheckStatement() :
{
    final Statement.Name table;
    Optional<String> part = Optional.empty();
}
{
    <CHECK> <TABLE> table = TableName()
    [ LOOKAHEAD({ Trees.isWord(getToken(1), "PART") }) Identifier() part = PartName() ]
    FormatOpt()
    [ <SETTINGS> SettingList(state.settings) ]
    { return new Statement.Check(table, part); }
}

Optional<String> PartName() :
{
}
{
    <QUOTED_STRING> { return Optional.of(Lexis.string(getToken(0).image)); }
}

/** SYSTEM DROP QUARANTINED PART 'part-7' ON t, SYSTEM RESTORE QUARANTINED PART 'part-7' ON t. */
Statement QuarantinedPart() :
{
    final boolean restore;
    final Optional<String> part;
    final Statement.Name table;
}
{
    ( <DROP> { restore = false; } | Identifier() { restore = true; } )
    Identifier()
    Identifier()
    part = PartName()
    <ON> table = TableName()
    { return new Statement.QuarantinedPart(restore, part.get(), table); }
}
