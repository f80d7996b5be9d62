<#-- SPDX-License-Identifier: Apache-2.0 -->

/** A word of ALTER that is no keyword elsewhere. */
void Word(String word) :
{
}
{
    { Trees.expect(getNextToken(), word); }
}

Statement DeleteStatement() :
{
    final Statement.Name table;
    Optional<Statement.Partition> partition = Optional.empty();
    SqlNode where = SqlLiteral.createBoolean(true, SqlParserPos.ZERO);
}
{
    <DELETE> <FROM> table = TableName()
    [ LOOKAHEAD(2) <ON> <CLUSTER> Identifier() ]
    [ <IN> partition = PartitionRef() ]
    [ <WHERE> where = Expression(ExprContext.ACCEPT_SUB_QUERY) ]
    [ <SETTINGS> SettingList(state.settings) ]
    {
        return new Statement.Alter(table,
            Collections.<AlterAction>singletonList(new AlterAction.Delete(where, partition)),
            new LinkedHashMap<String, String>(state.settings));
    }
}

Statement UpdateStatement() :
{
    final Statement.Name table;
    final AlterAction action;
}
{
    <UPDATE> table = TableName()
    [ LOOKAHEAD(2) <ON> <CLUSTER> Identifier() ]
    <SET> action = UpdateAction(true)
    [ <SETTINGS> SettingList(state.settings) ]
    {
        return new Statement.Alter(table, Collections.<AlterAction>singletonList(action),
            new LinkedHashMap<String, String>(state.settings));
    }
}

/** What UPDATE does; a statement of its own may go without WHERE, a part of ALTER may not. */
AlterAction UpdateAction(boolean alone) :
{
    final List<AlterAction.Assignment> assignments = new ArrayList<AlterAction.Assignment>();
    Optional<Statement.Partition> partition = Optional.empty();
    SqlNode where = SqlLiteral.createBoolean(true, SqlParserPos.ZERO);
}
{
    { endBeforeInPartition(); }
    UpdateAssignment(assignments) ( <COMMA> UpdateAssignment(assignments) )*
    [ LOOKAHEAD(1) <MUTATION> partition = PartitionRef() ]
    [
        LOOKAHEAD({ !alone || getToken(1).kind == WHERE })
        <WHERE> where = Expression(ExprContext.ACCEPT_SUB_QUERY)
    ]
    { return new AlterAction.Update(assignments, where, partition); }
}

/** Ends the last assignment before IN PARTITION, which would go on as an expression otherwise. */
void endBeforeInPartition() :
{
    int depth = 0;
}
{
    {
        for (int i = 1; getToken(i).kind != EOF && getToken(i).kind != WHERE; i++) {
            depth += getToken(i).kind == LPAREN ? 1 : getToken(i).kind == RPAREN ? -1 : 0;
            if (depth == 0 && getToken(i).kind == IN && getToken(i + 1).kind == PARTITION
                && getToken(i + 2).kind != WHERE && getToken(i + 2).kind != COMMA) {
                getToken(i).kind = MUTATION;
            }
        }
    }
}

void UpdateAssignment(List<AlterAction.Assignment> assignments) :
{
    final String column;
    final SqlNode value;
}
{
    column = ColumnName() <EQ> value = Expression(ExprContext.ACCEPT_SUB_QUERY)
    { assignments.add(new AlterAction.Assignment(column, value)); }
}

/** PARTITION value, PARTITION ID 'id', PARTITION ALL. */
Optional<Statement.Partition> PartitionRef() :
{
    final Token first;
    final String id;
}
{
    <PARTITION>
    (
        LOOKAHEAD({ Trees.is(getToken(1), "ID") && getToken(2).kind == QUOTED_STRING })
        Word("ID") id = SimpleStringLiteral()
        { return Optional.of(new Statement.Partition(Statement.Partition.Kind.ID, id)); }
    |
        LOOKAHEAD({ Trees.is(getToken(1), "ALL") })
        Word("ALL")
        { return Optional.of(new Statement.Partition(Statement.Partition.Kind.ALL, "")); }
    |
        { first = getToken(1); }
        Expression(ExprContext.ACCEPT_SUB_QUERY)
        {
            return Optional.of(new Statement.Partition(Statement.Partition.Kind.VALUE,
                state.source.slice(first, getToken(0))));
        }
    )
}

/** PARTITION …, or PART 'name'. */
Statement.Partition PartitionOrPart() :
{
    final Optional<Statement.Partition> partition;
    final String part;
}
{
    LOOKAHEAD({ Trees.is(getToken(1), "PART") })
    Word("PART") part = SimpleStringLiteral()
    { return new Statement.Partition(Statement.Partition.Kind.PART, part); }
|
    partition = PartitionRef() { return partition.get(); }
}

Statement AlterStatement() :
{
    final Statement.Name table;
    final List<AlterAction> actions = new ArrayList<AlterAction>();
    AlterAction action;
    final Statement.Query query;
}
{
    <ALTER> <TABLE> table = TableName()
    [ LOOKAHEAD(2) <ON> <CLUSTER> Identifier() ]
    [
        LOOKAHEAD({ Trees.is(getToken(1), "MODIFY") && getToken(2).kind == QUERY })
        Word("MODIFY") <QUERY> query = QueryStatement()
        { return new Statement.ModifyQuery(table, query); }
    ]
    action = AlterAction() { actions.add(action); }
    ( <COMMA> action = AlterAction() { actions.add(action); } )*
    [ <SETTINGS> SettingList(state.settings) ]
    {
        return new Statement.Alter(
            table, actions, new LinkedHashMap<String, String>(state.settings));
    }
}

AlterAction AlterAction() :
{
    final AlterAction action;
}
{
    (
        LOOKAHEAD({ Trees.is(getToken(1), "ADD") })
        Word("ADD") action = AlterAdd()
    |
        LOOKAHEAD({ Trees.is(getToken(1), "DROP") })
        Word("DROP") action = AlterDrop()
    |
        LOOKAHEAD({ Trees.is(getToken(1), "MODIFY") })
        Word("MODIFY") action = AlterModify()
    |
        LOOKAHEAD({ Trees.is(getToken(1), "ALTER") })
        Word("ALTER") action = AlterType()
    |
        LOOKAHEAD({ Trees.is(getToken(1), "RENAME") })
        Word("RENAME") action = AlterRename()
    |
        LOOKAHEAD({ Trees.is(getToken(1), "CLEAR") })
        Word("CLEAR") action = AlterClear()
    |
        LOOKAHEAD({ Trees.is(getToken(1), "MATERIALIZE") })
        Word("MATERIALIZE") action = AlterMaterialize()
    |
        LOOKAHEAD({ Trees.is(getToken(1), "COMMENT") })
        Word("COMMENT") action = AlterComment()
    |
        LOOKAHEAD({ Trees.is(getToken(1), "REMOVE") })
        Word("REMOVE") Word("TTL") { action = new AlterAction.ModifyTtl(Collections.<TtlRule>emptyList()); }
    |
        LOOKAHEAD({ Trees.is(getToken(1), "RESET") })
        Word("RESET") Word("SETTING") action = AlterReset()
    |
        LOOKAHEAD({ Trees.is(getToken(1), "APPLY") })
        Word("APPLY") Word("DELETED") Word("MASK") [ <IN> PartitionRef() ]
        { action = new AlterAction.ApplyDeletedMask(); }
    |
        LOOKAHEAD({ Trees.is(getToken(1), "DELETE") })
        Word("DELETE") action = AlterDelete()
    |
        LOOKAHEAD({ Trees.is(getToken(1), "UPDATE") })
        Word("UPDATE") action = UpdateAction(false)
    |
        action = AlterPartition()
    )
    { return action; }
}

AlterAction AlterDelete() :
{
    Optional<Statement.Partition> partition = Optional.empty();
    final SqlNode where;
}
{
    [ <IN> partition = PartitionRef() ]
    <WHERE> where = Expression(ExprContext.ACCEPT_SUB_QUERY)
    { return new AlterAction.Delete(where, partition); }
}

/** FIRST or AFTER name. */
Optional<AlterAction.Place> PlaceOpt() :
{
    final String after;
}
{
    LOOKAHEAD({ Trees.is(getToken(1), "FIRST") })
    Word("FIRST") { return Optional.of(new AlterAction.Place(Optional.<String>empty())); }
|
    LOOKAHEAD({ Trees.is(getToken(1), "AFTER") })
    Word("AFTER") after = ColumnName()
    { return Optional.of(new AlterAction.Place(Optional.of(after))); }
|
    { return Optional.empty(); }
}

AlterAction AlterAdd() :
{
    final CreateTableBuilder table = new CreateTableBuilder();
    final boolean unlessThere;
    final Optional<AlterAction.Place> place;
}
{
    LOOKAHEAD({ Trees.is(getToken(1), "COLUMN") })
    Word("COLUMN") unlessThere = IfNotExists()
    TableColumn(table) place = PlaceOpt()
    { return new AlterAction.AddColumn(table.columns.get(0), place, unlessThere); }
|
    LOOKAHEAD({ Trees.is(getToken(1), "INDEX") })
    Word("INDEX") unlessThere = IfNotExists()
    IndexElement(table) place = PlaceOpt()
    { return new AlterAction.AddIndex(table.indexes.get(0), place, unlessThere); }
|
    LOOKAHEAD({ Trees.is(getToken(1), "CONSTRAINT") })
    Word("CONSTRAINT") unlessThere = IfNotExists()
    ConstraintElement(table)
    { return new AlterAction.AddConstraint(table.constraints.get(0), unlessThere); }
|
    LOOKAHEAD({ Trees.is(getToken(1), "PROJECTION") })
    Word("PROJECTION") unlessThere = IfNotExists()
    ProjectionElement(table)
    { return new AlterAction.AddProjection(table.projections.get(0), unlessThere); }
|
    TableColumn(table) place = PlaceOpt()
    { return new AlterAction.AddColumn(table.columns.get(0), place, false); }
}

AlterAction AlterDrop() :
{
    final boolean ifThere;
    final String name;
    final Statement.Partition partition;
}
{
    LOOKAHEAD({ Trees.is(getToken(1), "COLUMN") })
    Word("COLUMN") ifThere = IfExists() name = ColumnName()
    { return new AlterAction.DropColumn(name, ifThere); }
|
    LOOKAHEAD({ Trees.is(getToken(1), "INDEX") })
    Word("INDEX") ifThere = IfExists() name = Identifier()
    { return new AlterAction.DropIndex(name, ifThere); }
|
    LOOKAHEAD({ Trees.is(getToken(1), "CONSTRAINT") })
    Word("CONSTRAINT") ifThere = IfExists() name = Identifier()
    { return new AlterAction.DropConstraint(name, ifThere); }
|
    LOOKAHEAD({ Trees.is(getToken(1), "PROJECTION") })
    Word("PROJECTION") ifThere = IfExists() name = Identifier()
    { return new AlterAction.DropProjection(name, ifThere); }
|
    LOOKAHEAD({ Trees.is(getToken(1), "DETACHED") })
    Word("DETACHED") partition = PartitionOrPart()
    { return new AlterAction.DropDetached(partition); }
|
    LOOKAHEAD({ Trees.is(getToken(1), "PART") || getToken(1).kind == PARTITION })
    partition = PartitionOrPart()
    { return new AlterAction.DropPartition(partition); }
}

AlterAction AlterModify() :
{
    final CreateTableBuilder table = new CreateTableBuilder();
    final boolean ifThere;
    final Optional<AlterAction.Place> place;
    final String name;
    String what;
    Optional<List<String>> key;
}
{
    LOOKAHEAD({ Trees.is(getToken(1), "ORDER") })
    Word("ORDER") Word("BY") key = KeyList()
    { return new AlterAction.ModifyOrderBy(key.get()); }
|
    LOOKAHEAD({ Trees.is(getToken(1), "TTL") })
    Word("TTL") TtlRules(table)
    { return new AlterAction.ModifyTtl(table.ttls); }
|
    LOOKAHEAD({ Trees.is(getToken(1), "SETTING") || Trees.is(getToken(1), "SETTINGS") })
    ( <SETTING> | <SETTINGS> ) SettingList(table.settings)
    { return new AlterAction.ModifySettings(table.settings); }
|
    LOOKAHEAD({ Trees.is(getToken(1), "COMMENT") })
    Word("COMMENT") what = SimpleStringLiteral()
    { return new AlterAction.ModifyComment(what); }
|
    Word("COLUMN") ifThere = IfExists()
    (
        LOOKAHEAD({ Trees.removes(getToken(1), getToken(2), getToken(3), getToken(4)) })
        name = ColumnName() Word("REMOVE") { what = getNextToken().image; }
        { return new AlterAction.RemoveOfColumn(name, what.toUpperCase(Locale.ROOT), ifThere); }
    |
        { table.isChange = true; }
        TableColumn(table) place = PlaceOpt()
        { return new AlterAction.ModifyColumn(table.columns.get(0), place, ifThere); }
    )
}

AlterAction AlterType() :
{
    final CreateTableBuilder table = new CreateTableBuilder();
    final boolean ifThere;
    final String name;
    final Token first;
}
{
    Word("COLUMN") ifThere = IfExists() { table.startColumn(); }
    name = ColumnName() { table.columnName(name); }
    Word("TYPE") { first = getToken(1); }
    TypeSpelling() { table.columnType(state.source.slice(first, getToken(0))); table.endColumn(); }
    {
        return new AlterAction.ModifyColumn(table.columns.get(0),
            Optional.<AlterAction.Place>empty(), ifThere);
    }
}

AlterAction AlterRename() :
{
    final boolean ifThere;
    final String from;
    final String to;
}
{
    Word("COLUMN") ifThere = IfExists() from = ColumnName() <TO> to = ColumnName()
    { return new AlterAction.RenameColumn(from, to, ifThere); }
}

AlterAction AlterClear() :
{
    final boolean ifThere;
    final String name;
    Optional<Statement.Partition> partition = Optional.empty();
}
{
    LOOKAHEAD({ Trees.is(getToken(1), "COLUMN") })
    Word("COLUMN") ifThere = IfExists() name = ColumnName() [ <IN> partition = PartitionRef() ]
    { return new AlterAction.ClearColumn(name, ifThere, partition); }
|
    LOOKAHEAD({ Trees.is(getToken(1), "INDEX") })
    Word("INDEX") ifThere = IfExists() name = Identifier() [ <IN> partition = PartitionRef() ]
    { return new AlterAction.ClearIndex(name, ifThere, partition); }
|
    Word("PROJECTION") ifThere = IfExists() name = Identifier() [ <IN> PartitionRef() ]
    { return new AlterAction.TouchProjection(name, ifThere); }
}

AlterAction AlterMaterialize() :
{
    final boolean ifThere;
    final String name;
    Optional<Statement.Partition> partition = Optional.empty();
}
{
    LOOKAHEAD({ Trees.is(getToken(1), "TTL") })
    Word("TTL") [ <IN> partition = PartitionRef() ]
    { return new AlterAction.MaterializeTtl(partition); }
|
    LOOKAHEAD({ Trees.is(getToken(1), "INDEX") })
    Word("INDEX") ifThere = IfExists() name = Identifier() [ <IN> partition = PartitionRef() ]
    { return new AlterAction.MaterializeIndex(name, ifThere, partition); }
|
    LOOKAHEAD({ Trees.is(getToken(1), "PROJECTION") })
    Word("PROJECTION") ifThere = IfExists() name = Identifier() [ <IN> PartitionRef() ]
    { return new AlterAction.TouchProjection(name, ifThere); }
|
    Word("COLUMN") name = ColumnName() [ <IN> partition = PartitionRef() ]
    { return new AlterAction.MaterializeColumn(name, partition); }
}

AlterAction AlterComment() :
{
    final boolean ifThere;
    final String name;
    final String comment;
}
{
    Word("COLUMN") ifThere = IfExists() name = ColumnName() comment = SimpleStringLiteral()
    { return new AlterAction.CommentColumn(name, comment, ifThere); }
}

AlterAction AlterReset() :
{
    final List<String> names = new ArrayList<String>();
    String name;
}
{
    name = Identifier() { names.add(name); }
    ( LOOKAHEAD(2) <COMMA> name = Identifier() { names.add(name); } )*
    { return new AlterAction.ResetSettings(names); }
}

AlterAction AlterPartition() :
{
    final Statement.Partition partition;
    Optional<Statement.Partition> some = Optional.empty();
    Statement.Name other;
    String name = "";
    final boolean undo;
}
{
    LOOKAHEAD({ Trees.is(getToken(1), "DETACH") })
    Word("DETACH") partition = PartitionOrPart()
    { return new AlterAction.DetachPartition(partition); }
|
    LOOKAHEAD({ Trees.is(getToken(1), "ATTACH") })
    Word("ATTACH") partition = PartitionOrPart()
    [ <FROM> other = TableName() { return new AlterAction.CopyPartition(partition, other, false); } ]
    { return new AlterAction.AttachPartition(partition); }
|
    LOOKAHEAD({ Trees.is(getToken(1), "REPLACE") })
    Word("REPLACE") partition = PartitionOrPart() <FROM> other = TableName()
    { return new AlterAction.CopyPartition(partition, other, true); }
|
    LOOKAHEAD({ Trees.is(getToken(1), "MOVE") })
    Word("MOVE") partition = PartitionOrPart() <TO>
    {
        if (Trees.is(getToken(1), "DISK") || Trees.is(getToken(1), "VOLUME")) {
            Trees.refuse(state, getToken(1),
                "MOVE … TO " + getToken(1).image.toUpperCase(Locale.ROOT));
        }
    }
    <TABLE> other = TableName()
    { return new AlterAction.MovePartition(partition, other); }
|
    LOOKAHEAD({ Trees.is(getToken(1), "FREEZE") || Trees.is(getToken(1), "UNFREEZE") })
    { undo = Trees.is(getNextToken(), "UNFREEZE"); }
    [ LOOKAHEAD({ getToken(1).kind == PARTITION }) some = PartitionRef() ]
    [ <WITH> Word("NAME") name = SimpleStringLiteral() ]
    { return new AlterAction.Freeze(some, name, undo); }
|
    {
        Trees.refuse(state, getToken(1), "ALTER TABLE … " + getToken(1).image.toUpperCase(Locale.ROOT));
        return null;
    }
}

/** name expression TYPE type GRANULARITY n. */
void IndexElement(CreateTableBuilder table) :
{
    final String name;
}
{
    name = Identifier() IndexBody(table, name)
}

/** expression TYPE t GRANULARITY n. */
void IndexBody(CreateTableBuilder table, String name) :
{
    Token first;
    final String expression;
    String type = "minmax";
    int granularity = 1;
}
{
    { first = getToken(1); }
    Expression(ExprContext.ACCEPT_SUB_QUERY)
    { expression = state.source.slice(first, getToken(0)); }
    [
        <TYPE> { first = getToken(1); } Identifier() [ <LPAREN> TypeArguments() <RPAREN> ]
        { type = state.source.slice(first, getToken(0)); }
    ]
    [ <GRANULARITY> <UNSIGNED_INTEGER_LITERAL> { granularity = Integer.parseInt(getToken(0).image); } ]
    { table.indexes.add(new SkipIndex(name, expression, type, granularity)); }
}

/** name CHECK expression, or name ASSUME expression. */
void ConstraintElement(CreateTableBuilder table) :
{
    final String name;
    final Token first;
    boolean checked = true;
}
{
    name = Identifier()
    (
        <CHECK>
    |
        Word("ASSUME") { checked = false; }
    )
    { first = getToken(1); }
    Expression(ExprContext.ACCEPT_SUB_QUERY)
    { table.constraints.add(new Constraint(name, checked, state.source.slice(first, getToken(0)))); }
}

/** name (query). */
void ProjectionElement(CreateTableBuilder table) :
{
    final String name;
    final Token first;
    int depth = 1;
    Token last;
}
{
    name = Identifier() <LPAREN> { first = getToken(1); }
    {
        // A projection's query has no FROM, so it is no query; only its end is looked for.
        while (depth > 0 && getToken(1).kind != EOF) {
            last = getNextToken();
            depth += last.kind == LPAREN ? 1 : last.kind == RPAREN ? -1 : 0;
        }
        Trees.expect(getToken(0), ")");
        table.projections.add(
            new Projection(name, state.source.between(first, getToken(0))));
    }
}

/** What stands behind TTL: rules, each with what it does. */
void TtlRules(CreateTableBuilder table) :
{
}
{
    TtlRule(table) ( LOOKAHEAD(1) <COMMA> TtlRule(table) )*
}

void TtlRule(CreateTableBuilder table) :
{
    Token first;
    final String expression;
    String where = "";
}
{
    { first = getToken(1); }
    Expression(ExprContext.ACCEPT_SUB_QUERY)
    { expression = state.source.slice(first, getToken(0)); }
    (
        LOOKAHEAD({ Trees.is(getToken(1), "RECOMPRESS") })
        Word("RECOMPRESS") <CODEC> <LPAREN> { first = getToken(1); }
        TypeArguments()
        {
            table.ttls.add(new TtlRule(expression, TtlRule.Action.RECOMPRESS, "",
                Collections.<String>emptyList(), Collections.<String>emptyList(),
                state.source.slice(first, getToken(0))));
        }
        <RPAREN>
    |
        LOOKAHEAD({ getToken(1).kind == TO })
        <TO> { Trees.refuse(state, getToken(0), "TTL … TO DISK or VOLUME"); }
    |
        LOOKAHEAD({ getToken(1).kind == GROUP })
        TtlRollup(table, expression, "")
    |
        [ LOOKAHEAD({ getToken(1).kind == DELETE }) <DELETE> ]
        [
            <WHERE> { first = getToken(1); }
            Expression(ExprContext.ACCEPT_SUB_QUERY)
            { where = state.source.slice(first, getToken(0)); }
        ]
        (
            LOOKAHEAD({ getToken(1).kind == GROUP })
            TtlRollup(table, expression, where)
        |
            { table.ttls.add(TtlRule.delete(expression, where)); }
        )
    )
}

/** GROUP BY keys SET column = aggregate, … */
void TtlRollup(CreateTableBuilder table, String expression, String where) :
{
    final Token first;
    final List<String> groups;
    final List<String> sets = new ArrayList<String>();
}
{
    <GROUP> <BY> { first = getToken(1); }
    Expression(ExprContext.ACCEPT_SUB_QUERY)
    ( LOOKAHEAD(1) <COMMA> Expression(ExprContext.ACCEPT_SUB_QUERY) )*
    { groups = Lexis.splitList(state.source.slice(first, getToken(0))); }
    [
        <SET> TtlAssignment(sets)
        ( LOOKAHEAD(<COMMA> ColumnName() <EQ>) <COMMA> TtlAssignment(sets) )*
    ]
    {
        table.ttls.add(
            new TtlRule(expression, TtlRule.Action.GROUP_BY, where, groups, sets, ""));
    }
}

void TtlAssignment(List<String> sets) :
{
    final Token first;
}
{
    { first = getToken(1); }
    ColumnName() <EQ> Expression(ExprContext.ACCEPT_SUB_QUERY)
    { sets.add(state.source.slice(first, getToken(0))); }
}

/** DETACH and ATTACH of tables, EXCHANGE. */
Statement DetachStatement() :
{
    final boolean ifExists;
    final Statement.Name table;
    boolean permanently = false;
}
{
    <DETACH> ( <TABLE> | [ <MATERIALIZED> ] <VIEW> ) ifExists = IfExists() table = TableName()
    [
        LOOKAHEAD({ Trees.is(getToken(1), "PERMANENTLY") }) <IDENTIFIER> { permanently = true; }
    ]
    [ <SYNC> ]
    { return new Statement.Detach(table, ifExists, permanently); }
}

Statement AttachStatement() :
{
    final boolean ifNotExists;
    final Statement.Name table;
    final CreateTableBuilder known = new CreateTableBuilder();
    boolean defined = false;
    boolean view = true;
}
{
    <ATTACH> ( <TABLE> { view = false; } | [ <MATERIALIZED> ] <VIEW> ) ifNotExists = IfNotExists() table = TableName()
    [ LOOKAHEAD({ getToken(1).kind == UUID }) <UUID> <QUOTED_STRING> ]
    [
        LOOKAHEAD(<LPAREN> | <ENGINE> | <AS>)
        // Of a detached table the definition is kept; what stands here again says nothing new.
        { defined = !view; }
        (
            <LPAREN> TableElement(known) ( <COMMA> TableElement(known) )* <RPAREN>
        |
            TableClause(known)
        |
            <AS> QueryStatement()
        )+
    ]
    {
        return new Statement.Attach(table, ifNotExists, defined
            ? Optional.of((Statement.CreateTable) known.build(table, ifNotExists, false))
            : Optional.<Statement.CreateTable>empty());
    }
}

Statement ExchangeStatement() :
{
    final Statement.Name one;
    final Statement.Name other;
}
{
    Word("EXCHANGE") <TABLES> one = TableName() <AND> other = TableName()
    { return new Statement.Exchange(one, other); }
}
