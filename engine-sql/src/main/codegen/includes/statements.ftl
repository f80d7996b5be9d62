<#-- SPDX-License-Identifier: Apache-2.0 -->

/** One statement and the end of the text; of an INSERT with rows in the text, everything up to them. */
Statement VarveStatementEof() :
{
    final Statement statement;
}
{
    statement = VarveStatement()
    (
        LOOKAHEAD({ state.rowsFollow }) { }
    |
        FormatOpt() [ <SEMICOLON> ] <EOF>
    )
    { return statement; }
}

/** An expression and the end of the text. */
SqlNode VarveExpressionEof() :
{
    final SqlNode e;
}
{
    e = Expression(ExprContext.ACCEPT_SUB_QUERY) <EOF> { return e; }
}

Statement VarveStatement() :
{
    Statement statement;
}
{
    (
        statement = ExplainStatement()
    |
        statement = InsertStatement()
    |
        statement = CreateStatement()
    |
        LOOKAHEAD({ getToken(1).kind == REPLACE && getToken(2).kind == TABLE })
        <REPLACE> { state.withoutTotals(); } statement = CreateTable(true)
    |
        statement = DropStatement()
    |
        statement = TruncateStatement()
    |
        statement = RenameStatement()
    |
        statement = ExistsStatement()
    |
        statement = OptimizeStatement()
    |
        statement = ShowStatement()
    |
        statement = DescribeStatement()
    |
        statement = UseStatement()
    |
        statement = SetStatement()
    |
        statement = SystemStatement()
    |
        statement = KillStatement()
    |
        statement = CheckStatement()
    |
        <CHECKPOINT> { statement = new Statement.Checkpoint(); }
    |
        statement = AlterStatement()
    |
        statement = DeleteStatement()
    |
        statement = UpdateStatement()
    |
        statement = DetachStatement()
    |
        statement = AttachStatement()
    |
        LOOKAHEAD({ Trees.is(getToken(1), "EXCHANGE") && getToken(2).kind == TABLES })
        statement = ExchangeStatement()
    |
        statement = UnsupportedStatement()
    |
        statement = QueryStatement()
        [ LOOKAHEAD(1) <INTO> statement = IntoFile((Statement.Query) statement) ]
    )
    { return statement; }
}

/** Behind a query: OUTFILE 'name', what to do with a file that is there, how to compress. */
Statement IntoFile(Statement.Query query) :
{
    final String file;
    Statement.IntoFile.Existing existing = Statement.IntoFile.Existing.REFUSED;
    Optional<String> compression = Optional.empty();
    String method;
}
{
    <OUTFILE> file = SimpleStringLiteral()
    [
        LOOKAHEAD({ Trees.is(getToken(1), "APPEND") }) Identifier()
        { existing = Statement.IntoFile.Existing.APPENDED; }
    |
        <TRUNCATE> { existing = Statement.IntoFile.Existing.REPLACED; }
    ]
    [ LOOKAHEAD({ Trees.is(getToken(1), "COMPRESSION") }) method = Compression() { compression = Optional.of(method); } ]
    { return new Statement.IntoFile(query, file, existing, compression); }
}

/** COMPRESSION 'method' [LEVEL n] */
String Compression() :
{
    final String method;
}
{
    Identifier() method = SimpleStringLiteral()
    [ LOOKAHEAD({ Trees.is(getToken(1), "LEVEL") }) Identifier() <UNSIGNED_INTEGER_LITERAL> ]
    { return method; }
}

Statement UnsupportedStatement() :
{
}
{
    ( <GRANT> | <REVOKE> | <MERGE> ) {
        Trees.refuse(state, getToken(0), getToken(0).image.toUpperCase(Locale.ROOT));
        return null;
    }
}

Statement.Query QueryStatement() :
{
    final SqlNode node;
    final Token first;
    final Token last;
}
{
    { first = getToken(1); }
    node = OrderedQueryOrExpr(ExprContext.ACCEPT_QUERY) { last = getToken(0); }
    (
        LOOKAHEAD(1) <SETTINGS> SettingList(state.settings)
    |
        LOOKAHEAD(1) <FORMAT> { state.format = Optional.of(getToken(1).image); } Identifier()
    )*
    {
        return new Statement.Query(node, state.source.slice(first, last),
            new LinkedHashMap<String, String>(state.settings), state.format);
    }
}

Statement ExplainStatement() :
{
    String kind = "PLAN";
    final Map<String, String> chosen = new LinkedHashMap<String, String>();
    final Statement.Query query;
    final Statement.Name into;
    List<String> columns = Collections.<String>emptyList();
}
{
    <EXPLAIN>
    [
        LOOKAHEAD({ Trees.isExplainKind(getToken(1)) })
        Identifier() { kind = getToken(0).image.toUpperCase(Locale.ROOT); }
        [ LOOKAHEAD({ kind.equals("QUERY") && Trees.is(getToken(1), "TREE") }) Identifier() ]
    ]
    [ LOOKAHEAD(AddSetting(null)) SettingList(chosen) ]
    (
        LOOKAHEAD(1)
        <INSERT> <INTO> { state.withoutTotals(); }
        [ LOOKAHEAD({ getToken(1).kind == TABLE }) <TABLE> ]
        into = TableName()
        [
            LOOKAHEAD(<LPAREN> ColumnName() ( <COMMA> | <RPAREN> ))
            <LPAREN> columns = NameList() <RPAREN>
        ]
        query = QueryStatement() {
            return new Statement.Explain(kind, chosen, query, Optional.of(
                new Statement.Insert(
                    into, columns, new Statement.Source.Select(query), state.settings)));
        }
    |
        query = QueryStatement()
        { return new Statement.Explain(kind, chosen, query, Optional.<Statement.Insert>empty()); }
    )
}

Statement InsertStatement() :
{
    final Statement.Name table;
    List<String> columns = Collections.<String>emptyList();
    final Statement.Query query;
    final Token format;
    final String file;
    String method;
    Optional<String> compression = Optional.empty();
    Optional<String> fileFormat = Optional.empty();
}
{
    <INSERT> <INTO> { state.withoutTotals(); }
    [ LOOKAHEAD({ getToken(1).kind == TABLE }) <TABLE> ]
    table = TableName()
    [
        LOOKAHEAD(<LPAREN> <STAR>)
        <LPAREN> <STAR> <RPAREN>
    |
        LOOKAHEAD(<LPAREN> ColumnName() ( <COMMA> | <RPAREN> ))
        <LPAREN> columns = NameList() <RPAREN>
    ]
    [ LOOKAHEAD(1) <SETTINGS> SettingList(state.settings) ]
    (
        <VALUES> {
            state.rowsFollow = true;
            return new Statement.Insert(table, columns,
                new Statement.Source.Values(state.source.end(getToken(0))), state.settings);
        }
    |
        <FORMAT> Identifier() {
            format = getToken(0);
            state.rowsFollow = true;
            return new Statement.Insert(table, columns,
                new Statement.Source.Format(format.image, state.source.end(format)), state.settings);
        }
    |
        <FROM> <INFILE> file = SimpleStringLiteral()
        [ LOOKAHEAD({ Trees.is(getToken(1), "COMPRESSION") }) method = Compression() { compression = Optional.of(method); } ]
        [ LOOKAHEAD(1) <SETTINGS> SettingList(state.settings) ]
        [ <FORMAT> Identifier() { fileFormat = Optional.of(getToken(0).image); } ]
        {
            return new Statement.Insert(table, columns,
                new Statement.Source.File(file, compression, fileFormat), state.settings);
        }
    |
        query = QueryStatement() {
            return new Statement.Insert(table, columns,
                new Statement.Source.Select(query), state.settings);
        }
    )
}

Statement CreateStatement() :
{
    boolean replace = false;
    final Statement statement;
    final Statement temporary;
}
{
    <CREATE> { state.withoutTotals(); }
    [ <OR> <REPLACE> { replace = true; } ]
    (
        statement = CreateDatabase()
    |
        statement = CreateTable(replace)
    |
        statement = CreateView(replace)
    |
        statement = CreateMaterializedView(replace)
    |
        LOOKAHEAD({ getToken(1).image.equalsIgnoreCase("TOPIC") })
        statement = CreateTopic()
    |
        <TEMPORARY> temporary = CreateTable(replace)
        { return new Statement.CreateTemporary((Statement.CreateTable) temporary); }
    |
        statement = CreateIndex()
    |
        <FUNCTION> statement = CreateFunction(replace)
    |
        ( <USER> | <ROLE> ) {
            Trees.refuse(state, getToken(0),
                "CREATE " + getToken(0).image.toUpperCase(Locale.ROOT));
            return null;
        }
    )
    { return statement; }
}

/** name AS (x, y) -> expression */
Statement CreateFunction(boolean replace) :
{
    final boolean ifNotExists;
    final String name;
    final Token first;
}
{
    ifNotExists = IfNotExists() name = Identifier()
    [ LOOKAHEAD(2) <ON> <CLUSTER> Identifier() ]
    <AS> { first = getToken(1); }
    LambdaExpression()
    {
        return new Statement.CreateFunction(
            name, ifNotExists, replace, state.source.slice(first, getToken(0)));
    }
}

/** INDEX name ON t (expressions) TYPE t GRANULARITY n: what ALTER TABLE … ADD INDEX does. */
Statement CreateIndex() :
{
    final boolean ifNotExists;
    final String name;
    final Statement.Name table;
    final CreateTableBuilder index = new CreateTableBuilder();
}
{
    <INDEX> ifNotExists = IfNotExists() name = Identifier() <ON> table = TableName()
    IndexBody(index, name)
    {
        return new Statement.Alter(
            table,
            Collections.<AlterAction>singletonList(new AlterAction.AddIndex(
                index.indexes.get(0), Optional.<AlterAction.Place>empty(), ifNotExists)),
            state.settings);
    }
}

boolean IfNotExists() :
{
}
{
    [ LOOKAHEAD({ getToken(1).kind == IF && getToken(2).kind == NOT }) <IF> <NOT> <EXISTS> { return true; } ]
    { return false; }
}

boolean IfExists() :
{
}
{
    [ LOOKAHEAD({ getToken(1).kind == IF && getToken(2).kind == EXISTS }) <IF> <EXISTS> { return true; } ]
    { return false; }
}

Statement CreateTopic() :
{
    final Map<String, String> settings = new LinkedHashMap<String, String>();
    final boolean ifNotExists;
    final String name;
}
{
    Identifier() ifNotExists = IfNotExists() name = TopicName()
    [ <SETTINGS> SettingList(settings) ]
    { return new Statement.CreateTopic(name, ifNotExists, settings); }
}

/** A name with or without dots, or a text. */
String TopicName() :
{
    final SqlIdentifier id;
    final String text;
}
{
    id = CompoundIdentifier() { return String.join(".", id.names); }
|
    text = SimpleStringLiteral() { return text; }
}

Statement CreateDatabase() :
{
    final boolean ifNotExists;
    final String name;
}
{
    <DATABASE> ifNotExists = IfNotExists() name = Identifier()
    [ <ENGINE> [ <EQ> ] Identifier() [ <LPAREN> <RPAREN> ] ]
    [ <COMMENT> SimpleStringLiteral() ]
    { return new Statement.CreateDatabase(name, ifNotExists); }
}

Statement.Name TableName() :
{
    final SqlIdentifier id;
}
{
    id = CompoundTableIdentifier() { return Trees.tableName(state, id); }
}

List<String> NameList() :
{
    final List<String> names = new ArrayList<String>();
    String name;
}
{
    name = ColumnName() { names.add(name); }
    ( <COMMA> name = ColumnName() { names.add(name); } )*
    { return names; }
}

Statement CreateView(boolean replace) :
{
    final boolean ifNotExists;
    final Statement.Name name;
    final Statement.Query query;
    String comment = "";
    List<String> columns = Collections.<String>emptyList();
}
{
    <VIEW> ifNotExists = IfNotExists() name = TableName()
    [ <LPAREN> columns = NameList() <RPAREN> ]
    <AS> { state.keepsParameters(); } query = QueryStatement()
    [ <COMMENT> comment = SimpleStringLiteral() ]
    {
        return new Statement.CreateView(
            name, ifNotExists, replace, Trees.withNames(query, columns), comment);
    }
}

Statement CreateMaterializedView(boolean replace) :
{
    final boolean ifNotExists;
    final CreateTableBuilder table = new CreateTableBuilder();
    final Statement.Name name;
    Optional<Statement.Name> to = Optional.empty();
    Statement.Name target;
    boolean populate = false;
    final Statement.Query query;
}
{
    <MATERIALIZED> <VIEW> ifNotExists = IfNotExists() name = TableName()
    [ LOOKAHEAD(2) <ON> <CLUSTER> Identifier() ]
    [ <TO> target = TableName() { to = Optional.of(target); } ]
    [
        <LPAREN> TableElement(table) ( <COMMA> [ LOOKAHEAD(1) TableElement(table) ] )* <RPAREN>
    ]
    ( TableClause(table) )*
    (
        LOOKAHEAD({ getToken(1).image.equalsIgnoreCase("POPULATE") }) Identifier() { populate = true; }
    |
        <EMPTY>
    |
        { }
    )
    <AS> query = QueryStatement() { table.asQuery = Optional.of(query); }
    [ <COMMENT> { table.comment = Lexis.string(getToken(1).image); } <QUOTED_STRING> ]
    {
        return new Statement.CreateMaterializedView(
            (Statement.CreateTable) table.build(name, ifNotExists, replace), to, populate);
    }
}

Statement CreateTable(boolean replace) :
{
    final boolean ifNotExists;
    final CreateTableBuilder table = new CreateTableBuilder();
    final Statement.Name name;
    Statement.Name other;
    Statement.Query query;
}
{
    <TABLE> ifNotExists = IfNotExists() name = TableName()
    [
        LOOKAHEAD({ getToken(1).image.equalsIgnoreCase("UUID") && getToken(2).kind == QUOTED_STRING })
        Identifier() SimpleStringLiteral()
    ]
    [ LOOKAHEAD(2) <ON> <CLUSTER> Identifier() ]
    [
        LOOKAHEAD(<LPAREN> ( Identifier() | <PRIMARY> ))
        <LPAREN> TableElement(table) ( <COMMA> [ LOOKAHEAD(1) TableElement(table) ] )* <RPAREN>
    ]
    [
        LOOKAHEAD(<AS> CompoundTableIdentifier())
        <AS> other = TableName() { table.asTable = Optional.of(other); }
    |
        LOOKAHEAD({ Trees.is(getToken(1), "CLONE") })
        <IDENTIFIER> <AS> other = TableName()
        { table.asTable = Optional.of(other); table.clones = true; }
    ]
    ( TableClause(table) )*
    [ <EMPTY> ]
    [ <AS> query = QueryStatement() { table.asQuery = Optional.of(query); } ]
    [ <COMMENT> { table.comment = Lexis.string(getToken(1).image); } <QUOTED_STRING> ]
    { return table.build(name, ifNotExists, replace); }
}

/** A column, an index or a key between the parentheses of CREATE TABLE. */
void TableElement(CreateTableBuilder table) :
{
    Token first;
    final String name;
}
{
    LOOKAHEAD(2)
    <PRIMARY> <KEY> table.primaryKey = KeyList()
|
    LOOKAHEAD({ getToken(1).kind == INDEX && getToken(3).kind != COMMA && getToken(3).kind != RPAREN })
    <INDEX> IndexElement(table)
|
    LOOKAHEAD({ getToken(1).kind == PROJECTION && getToken(3).kind == LPAREN })
    <PROJECTION> ProjectionElement(table)
|
    LOOKAHEAD({ getToken(1).kind == CONSTRAINT
        && (getToken(3).kind == CHECK || Trees.is(getToken(3), "ASSUME")) })
    <CONSTRAINT> ConstraintElement(table)
|
    LOOKAHEAD({ getToken(1).kind == CONSTRAINT && getToken(3).kind == PRIMARY })
    <CONSTRAINT> Identifier() <PRIMARY> <KEY> table.primaryKey = KeyList()
|
    TableColumn(table)
}

void TableColumn(CreateTableBuilder table) :
{
    final String name;
    Token first;
}
{
    { table.startColumn(); }
    name = ColumnName() { table.columnName(name); }
    [
        LOOKAHEAD({ !Trees.endsColumnType(getToken(1)) })
        { first = getToken(1); }
        TypeSpelling() { table.columnType(state.source.slice(first, getToken(0))); }
    ]
    (
        <NULL> { table.nullable(true); }
    |
        <NOT> <NULL> { table.nullable(false); }
    |
        ( <DEFAULT_> | <MATERIALIZED> | <ALIAS> ) { table.kind(getToken(0).image); first = getToken(1); }
        Expression(ExprContext.ACCEPT_SUB_QUERY)
        { table.expression(state.source.slice(first, getToken(0))); }
    |
        <EPHEMERAL> { table.kind(getToken(0).image); first = getToken(1); }
        [
            LOOKAHEAD({ !Trees.endsColumnType(getToken(1)) })
            Expression(ExprContext.ACCEPT_SUB_QUERY)
            { table.expression(state.source.slice(first, getToken(0))); }
        ]
    |
        <CODEC> <LPAREN> { first = getToken(1); }
        TypeArguments()
        { table.codec(state.source.slice(first, getToken(0))); }
        <RPAREN>
    |
        <TTL> { first = getToken(1); }
        Expression(ExprContext.ACCEPT_SUB_QUERY)
        { table.columnTtl(state.source.slice(first, getToken(0))); }
    |
        <COMMENT> <QUOTED_STRING> { table.columnComment(Lexis.string(getToken(0).image)); }
    |
        <PRIMARY> <KEY> { table.columnIsKey(); }
    )*
    { table.endColumn(); }
}

/** A column's name; the columns of a Nested have two parts. */
String ColumnName() :
{
    final SqlIdentifier id;
}
{
    id = CompoundIdentifier() { return String.join(".", id.names); }
}

/** ENGINE, ORDER BY and what else stands behind the columns. */
void TableClause(CreateTableBuilder table) :
{
    final Token first;
    final String name;
    List<String> arguments = Collections.<String>emptyList();
}
{
    <ENGINE> [ <EQ> ] name = Identifier()
    [ LOOKAHEAD(1) <LPAREN> arguments = EngineArguments() <RPAREN> ]
    { table.engine = Optional.of(new Statement.Engine(name, arguments)); }
|
    <ORDER> <BY> table.orderBy = KeyList()
|
    LOOKAHEAD(2)
    <PRIMARY> <KEY> table.primaryKey = KeyList()
|
    <PARTITION> <BY> table.partitionBy = KeyList()
|
    <SAMPLE> <BY> { first = getToken(1); }
    Expression(ExprContext.ACCEPT_SUB_QUERY)
    { table.sampleBy = Optional.of(state.source.slice(first, getToken(0))); }
|
    <TTL> TtlRules(table)
|
    <SETTINGS> SettingList(table.settings)
|
    LOOKAHEAD(2)
    <COMMENT> <QUOTED_STRING> { table.comment = Lexis.string(getToken(0).image); }
}

/** Arguments of an engine as written: names, lists, literals. */
List<String> EngineArguments() :
{
    final List<String> list = new ArrayList<String>();
    Token first;
}
{
    [
        { first = getToken(1); } EngineArgument()
        { list.add(Lexis.name(state.source.slice(first, getToken(0)))); }
        (
            <COMMA> { first = getToken(1); } EngineArgument()
            { list.add(Lexis.name(state.source.slice(first, getToken(0)))); }
        )*
    ]
    { return list; }
}

/** An expression, or one of the words that say how a table of the engine Join is joined. */
void EngineArgument() :
{
}
{
    LOOKAHEAD(( <ANY> | <ALL> | <LEFT> | <RIGHT> | <INNER> | <FULL> ) ( <COMMA> | <RPAREN> ))
    ( <ANY> | <ALL> | <LEFT> | <RIGHT> | <INNER> | <FULL> )
|
    Expression(ExprContext.ACCEPT_SUB_QUERY)
}

/** a, or (a, b), or tuple(): the expressions of a key as written. */
Optional<List<String>> KeyList() :
{
    final Token first;
}
{
    { first = getToken(1); }
    (
        LOOKAHEAD(<LPAREN> <RPAREN>)
        <LPAREN> <RPAREN>
    |
        Expression(ExprContext.ACCEPT_SUB_QUERY)
    )
    [ ( <ASC> | <DESC> ) { Trees.refuse(state, getToken(0), "a sorting key with ASC or DESC"); } ]
    { return Optional.of(Lexis.splitList(state.source.slice(first, getToken(0)))); }
}

Statement DropStatement() :
{
    final boolean ifExists;
    final String database;
    final String name;
    final Statement.Name table;
    Statement.Name other;
    final List<Statement.Name> tables = new ArrayList<Statement.Name>();
    boolean view = false;
}
{
    <DROP>
    (
        LOOKAHEAD({ getToken(1).image.equalsIgnoreCase("TOPIC") })
        Identifier() ifExists = IfExists() database = TopicName()
        { return new Statement.DropTopic(database, ifExists); }
    |
        <DATABASE> ifExists = IfExists() database = Identifier() [ <SYNC> ]
        { return new Statement.DropDatabase(database, ifExists); }
    |
        <FUNCTION> ifExists = IfExists() name = Identifier()
        { return new Statement.DropFunction(name, ifExists); }
    |
        <INDEX> ifExists = IfExists() name = Identifier() <ON> table = TableName() {
            return new Statement.Alter(
                table,
                Collections.<AlterAction>singletonList(new AlterAction.DropIndex(name, ifExists)),
                state.settings);
        }
    |
        [ LOOKAHEAD(2) <TEMPORARY> ] ( <TABLE> | <VIEW> { view = true; } )
        ifExists = IfExists() table = TableName() { tables.add(table); }
        ( <COMMA> other = TableName() { tables.add(other); } )*
        [ <SYNC> | <NO> Identifier() | <CASCADE> ]
        { return new Statement.Drop(tables, ifExists, view); }
    )
}

Statement TruncateStatement() :
{
    final boolean ifExists;
    final Statement.Name table;
}
{
    <TRUNCATE> [ LOOKAHEAD({ getToken(1).kind == TABLE }) <TABLE> ]
    ifExists = IfExists() table = TableName() [ <SYNC> ]
    { return new Statement.Truncate(table, ifExists); }
}

Statement RenameStatement() :
{
    final List<Statement.Name> from = new ArrayList<Statement.Name>();
    final List<Statement.Name> to = new ArrayList<Statement.Name>();
    Statement.Name name;
    String database;
    String target;
}
{
    <RENAME>
    [
        LOOKAHEAD({ getToken(1).kind == DATABASE })
        <DATABASE> database = Identifier() <TO> target = Identifier()
        { return new Statement.RenameDatabase(database, target); }
    ]
    <TABLE>
    name = TableName() { from.add(name); } <TO> name = TableName() { to.add(name); }
    ( <COMMA> name = TableName() { from.add(name); } <TO> name = TableName() { to.add(name); } )*
    { return new Statement.Rename(from, to); }
}

Statement ExistsStatement() :
{
    final Statement.Name table;
    final String database;
}
{
    <EXISTS>
    (
        LOOKAHEAD(2)
        <DATABASE> database = Identifier() { return new Statement.ExistsDatabase(database); }
    |
        [ LOOKAHEAD(1) ( <TABLE> | <VIEW> ) ] table = TableName() { return new Statement.ExistsTable(table); }
    )
}

Statement OptimizeStatement() :
{
    final Statement.Name table;
    Optional<Statement.Partition> partition = Optional.empty();
    boolean whole = false;
    boolean cleanup = false;
    Optional<Statement.Deduplicate> deduplicate = Optional.empty();
    Statement.Deduplicate duplicates;
}
{
    <OPTIMIZE> <TABLE> table = TableName()
    [ partition = PartitionRef() ]
    [ <FINAL> { whole = true; } ]
    [ LOOKAHEAD({ getToken(1).image.equalsIgnoreCase("CLEANUP") }) <IDENTIFIER> { cleanup = true; } ]
    [ duplicates = Deduplicate() { deduplicate = Optional.of(duplicates); } ]
    [
        LOOKAHEAD({ getToken(1).image.equalsIgnoreCase("CLEANUP") })
        <IDENTIFIER> { cleanup = true; }
    ]
    [ <SETTINGS> SettingList(state.settings) ]
    { return new Statement.Optimize(table, partition, whole, cleanup, deduplicate); }
}

Statement.Deduplicate Deduplicate() :
{
    final List<String> columns = new ArrayList<String>();
    final List<String> except = new ArrayList<String>();
    String pattern = "";
    String name;
}
{
    <DEDUPLICATE>
    [
        <BY>
        (
            <STAR>
            [
                <EXCEPT>
                (
                    <LPAREN> name = Identifier() { except.add(name); }
                    ( <COMMA> name = Identifier() { except.add(name); } )* <RPAREN>
                |
                    name = Identifier() { except.add(name); }
                )
            ]
        |
            LOOKAHEAD({ getToken(1).image.equalsIgnoreCase("COLUMNS") && getToken(2).kind == LPAREN })
            ( <COLUMNS> | <IDENTIFIER> ) <LPAREN> pattern = SimpleStringLiteral() <RPAREN>
        |
            name = Identifier() { columns.add(name); }
            ( <COMMA> name = Identifier() { columns.add(name); } )*
        )
    ]
    { return new Statement.Deduplicate(columns, except, pattern); }
}

Statement ShowStatement() :
{
    Statement.Show.What what = null;
    Optional<String> database = Optional.empty();
    Optional<Statement.Name> table = Optional.empty();
    Optional<Statement.Like> like = Optional.empty();
    final Statement.Name name;
    String s;
}
{
    <SHOW>
    (
        <CREATE>
        (
            LOOKAHEAD(2)
            <DATABASE> s = Identifier() { return new Statement.ShowCreateDatabase(s); }
        |
            [ LOOKAHEAD(1) ( <TABLE> | <VIEW> ) ] name = TableName()
            { return new Statement.ShowCreate(name); }
        )
    |
        (
            <DATABASES> { what = Statement.Show.What.DATABASES; }
        |
            LOOKAHEAD({ getToken(1).kind == TABLES || getToken(2).kind == TABLES })
            { what = Statement.Show.What.TABLES; }
            [ <FULL> { what = Statement.Show.What.FULL_TABLES; } ] <TABLES>
            [ ( <FROM> | <IN> ) s = Identifier() { database = Optional.of(s); } ]
        |
            LOOKAHEAD({ Trees.isColumns(getToken(1)) || Trees.isColumns(getToken(2)) })
            { what = Statement.Show.What.COLUMNS; }
            [ <FULL> { what = Statement.Show.What.FULL_COLUMNS; } ] ( <COLUMNS> | <IDENTIFIER> )
            ( <FROM> | <IN> ) name = TableName() { table = Optional.of(name); }
            [ ( <FROM> | <IN> ) s = Identifier() { database = Optional.of(s); } ]
        |
            (
                LOOKAHEAD({ Trees.isIndexes(getToken(1)) })
                ( <INDEX> | <IDENTIFIER> ) { what = Statement.Show.What.INDEXES; }
            )
            ( <FROM> | <IN> ) name = TableName() { table = Optional.of(name); }
            [ ( <FROM> | <IN> ) s = Identifier() { database = Optional.of(s); } ]
        |
            <SETTINGS> { what = Statement.Show.What.SETTINGS; }
        |
            <FUNCTIONS> { what = Statement.Show.What.FUNCTIONS; }
        |
            <PROCESSLIST> { what = Statement.Show.What.PROCESSLIST; }
        |
            <ENGINES> { what = Statement.Show.What.ENGINES; }
        |
            <FORMATS> { what = Statement.Show.What.FORMATS; }
        |
            LOOKAHEAD({ getToken(1).image.equalsIgnoreCase("TOPICS") })
            Identifier() { what = Statement.Show.What.TOPICS; }
        )
        [ like = LikePattern() ]
        { return new Statement.Show(what, database, table, like); }
    )
}

Optional<Statement.Like> LikePattern() :
{
    boolean not = false;
    boolean ignoreCase = false;
    final String pattern;
}
{
    [ <NOT> { not = true; } ]
    ( <LIKE> | <ILIKE> { ignoreCase = true; } )
    pattern = SimpleStringLiteral()
    { return Optional.of(new Statement.Like(pattern, not, ignoreCase)); }
}

void FormatOpt() :
{
}
{
    [ <FORMAT> { state.format = Optional.of(getToken(1).image); } Identifier() ]
}

Statement DescribeStatement() :
{
    final Statement.Name table;
    final Statement.Query query;
    final Token first;
    final SqlIdentifier function;
    final SqlNode node;
    final String text;
}
{
    ( <DESCRIBE> | <DESC> ) [ LOOKAHEAD({ getToken(1).kind == TABLE }) <TABLE> ]
    (
        LOOKAHEAD(<LPAREN>)
        <LPAREN> query = QueryStatement() <RPAREN>
        { return new Statement.DescribeQuery(query); }
    |
        LOOKAHEAD(<SELECT> | <WITH>)
        query = QueryStatement() { return new Statement.DescribeQuery(query); }
    |
        LOOKAHEAD(CompoundTableIdentifier() <LPAREN>)
        { first = getToken(1); }
        function = CompoundTableIdentifier()
        node = ImplicitTableFunctionCallArgs(function)
        {
            text = "SELECT * FROM " + state.source.slice(first, getToken(0));
            return new Statement.DescribeQuery(
                (Statement.Query) StatementParser.parse(text));
        }
    |
        table = TableName() { return new Statement.Describe(table); }
    )
}

Statement UseStatement() :
{
    final String database;
}
{
    <USE> [ LOOKAHEAD(2) <DATABASE> ] database = Identifier() { return new Statement.Use(database); }
}

Statement SetStatement() :
{
    final Map<String, String> settings = new LinkedHashMap<String, String>();
}
{
    <SET> SettingList(settings) { return new Statement.SetSettings(settings); }
}

Statement SystemStatement() :
{
    boolean start = false;
    boolean ttl = false;
    Optional<Statement.Name> table = Optional.empty();
    Statement.Name name;
    final Statement statement;
    final String replica;
}
{
    <SYSTEM>
    (
        LOOKAHEAD({ Trees.isQuarantinedPart(getToken(1), getToken(2), getToken(3)) })
        statement = QuarantinedPart() { return statement; }
    |
        ( <STOP> | <START> { start = true; } ) [ <TTL> { ttl = true; } ] <MERGES>
        [ name = TableName() { table = Optional.of(name); } ]
        { return new Statement.SystemMerges(start, ttl, table); }
    |
        LOOKAHEAD({ Trees.is(getToken(1), "SYNC") })
        Identifier() ( Identifier() | <DOT> )*
        { return new Statement.SystemSync(); }
    |
        LOOKAHEAD({ getToken(1).kind == DROP && Trees.is(getToken(2), "REPLICA") })
        <DROP> Identifier() <QUOTED_STRING> { replica = Lexis.string(getToken(0).image); }
        [ <FROM> ( Identifier() | <DOT> | <TABLE> | <DATABASE> | <QUOTED_STRING> )* ]
        { return new Statement.DropReplica(replica); }
    |
        LOOKAHEAD({ Trees.isWithoutEffect(getToken(1), getToken(2)) })
        ( <DROP> | Identifier() ) ( Identifier() | <DOT> )*
        { return new Statement.SystemNothing(); }
    |
        <FLUSH>
        (
            LOOKAHEAD(2)
            <LOGS>
        |
            LOOKAHEAD(2)
            <DISTRIBUTED> name = TableName()
        |
            [ LOOKAHEAD(1) <TABLE> ] name = TableName() { table = Optional.of(name); }
        )
        { return new Statement.SystemFlush(table); }
    )
}

Statement KillStatement() :
{
    final Token first;
    final String condition;
    boolean mutation = false;
    String how = "ASYNC";
}
{
    <KILL> ( <QUERY> | <MUTATION> { mutation = true; } ) <WHERE> { first = getToken(1); }
    Expression(ExprContext.ACCEPT_SUB_QUERY)
    { condition = state.source.slice(first, getToken(0)); }
    [
        <SYNC> { how = "SYNC"; }
    |
        <TEST> { how = "TEST"; }
    |
        LOOKAHEAD({ Trees.is(getToken(1), "ASYNC") }) Identifier()
    ]
    FormatOpt()
    { return new Statement.Kill(mutation, condition, Statement.Kill.How.valueOf(how)); }
}
