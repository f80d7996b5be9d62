<#-- SPDX-License-Identifier: Apache-2.0 -->

SqlNodeList WithList() :
{
    final Span s;
    final List<SqlWithItem> list = new ArrayList<SqlWithItem>();
    final Map<String, SqlNode> aliases = new LinkedHashMap<String, SqlNode>();
    boolean recursive = false;
}
{
    <WITH> { s = span(); }
    [ LOOKAHEAD(2) <RECURSIVE> { recursive = true; } ]
    AddWithItem(list, aliases, SqlLiteral.createBoolean(recursive, getPos()))
    (
        <COMMA>
        AddWithItem(list, aliases, SqlLiteral.createBoolean(recursive, getPos()))
    )*
    { return new WithClause(list, aliases, s.end(this)); }
}

void AddWithItem(List<SqlWithItem> list, Map<String, SqlNode> aliases, SqlLiteral recursive) :
{
    final SqlIdentifier id;
    SqlNodeList columnList = null;
    final SqlNode definition;
}
{
    LOOKAHEAD(SimpleIdentifier() [ ParenthesizedSimpleIdentifierList() ] <AS>
        [ [ <NOT> ] <MATERIALIZED> ] <LPAREN> ( <SELECT> | <WITH> | <VALUES> | <LPAREN> ))
    id = SimpleIdentifier()
    [ columnList = ParenthesizedSimpleIdentifierList() ]
    <AS> [ [ <NOT> ] <MATERIALIZED> ]
    definition = ParenthesizedExpression(ExprContext.ACCEPT_QUERY) {
        list.add(new SqlWithItem(id.getParserPosition(), id, columnList, definition, recursive));
    }
|
    (
        LOOKAHEAD((SimpleIdentifierOrList() | <LPAREN> <RPAREN>) <LAMBDA>)
        definition = LambdaExpression()
    |
        definition = Expression(ExprContext.ACCEPT_SUB_QUERY)
    )
    <AS> id = SimpleIdentifier() { aliases.put(id.getSimple(), definition); }
}

SqlSelect SqlSelect() :
{
    final List<SqlLiteral> keywords = new ArrayList<SqlLiteral>();
    SqlLiteral keyword;
    final List<SqlNode> items = new ArrayList<SqlNode>();
    SqlNodeList distinctOn = null;
    SqlNode from = null;
    SqlNode prewhere = null;
    SqlNode where = null;
    SqlNodeList groupBy = null;
    SqlNode having = null;
    SqlNodeList windows = null;
    SqlNode qualify = null;
    final List<SqlNode> hints = new ArrayList<SqlNode>();
    final Span s;
}
{
    <SELECT> { s = span(); state.openScope(); }
    [ <HINT_BEG> AddHint(hints) ( <COMMA> AddHint(hints) )* <COMMENT_END> ]
    [
        LOOKAHEAD(2)
        <DISTINCT> <ON> distinctOn = ParenthesizedQueryOrCommaList(ExprContext.ACCEPT_SUB_QUERY)
    |
        keyword = AllOrDistinct() { keywords.add(keyword); }
    ]
    AddSelectItem(items)
    ( <COMMA> AddSelectItem(items) )*
    [ <FROM> from = FromClause() ]
    [
        LOOKAHEAD([ <LEFT> | <INNER> ] <ARRAY>)
        from = JoinTable(Trees.oneRow(getPos()))
    ]
    [ <PREWHERE> prewhere = Expression(ExprContext.ACCEPT_SUB_QUERY) ]
    [ where = Where() ]
    [ groupBy = GroupBy() ]
    [ LOOKAHEAD(2) <WITH> <TOTALS> { state.totals(); } ]
    [ having = Having() ]
    [ windows = Window() ]
    [ qualify = Qualify() ]
    {
        return Selects.select(state, s.end(this), new SqlNodeList(keywords, s.pos()),
            new SqlNodeList(items, Span.of(items).pos()), from, Selects.and(prewhere, where), groupBy,
            having, windows, qualify, new SqlNodeList(hints, getPos()), distinctOn);
    }
}

void AddSelectItem(List<SqlNode> list) :
{
    SqlNode e;
    final SqlIdentifier id;
}
{
    (
        <STAR> { e = SqlIdentifier.star(getPos()); }
    |
        e = Expression(ExprContext.ACCEPT_SUB_QUERY)
    )
    (
        LOOKAHEAD({ Lexis.starChangeAhead(this) })
        e = StarChanges(e)
    |
        { }
    )
    (
        <AS> ( id = SimpleIdentifier() | id = StringAlias() )
        { list.add(SqlStdOperatorTable.AS.createCall(span().end(e), e, id)); }
    |
        LOOKAHEAD(SimpleIdentifier(), { !Lexis.beginsClause(getToken(1)) })
        id = SimpleIdentifier()
        { list.add(SqlStdOperatorTable.AS.createCall(span().end(e), e, id)); }
    |
        { list.add(e); }
    )
}

SqlIdentifier StringAlias() :
{
}
{
    <QUOTED_STRING> { return new SqlIdentifier(Lexis.string(getToken(0).image), getPos()); }
}

/** Behind a star or COLUMNS(…), in any order: EXCEPT (a, b), REPLACE (x AS a), APPLY (f). */
SqlNode StarChanges(SqlNode star) :
{
    SqlIdentifier id;
    SqlNode e;
    String pattern;
    final List<SqlNode> changes = new ArrayList<SqlNode>();
    List<SqlNode> list;
}
{
    (
        LOOKAHEAD({ Lexis.starChangeAhead(this) })
        (
            ( <EXCEPT> | <EXCLUDE> ) { list = new ArrayList<SqlNode>(); }
            (
                LOOKAHEAD(2)
                <LPAREN> pattern = SimpleStringLiteral()
                { list.add(SqlLiteral.createCharString(pattern, getPos())); }
                <RPAREN>
            |
                <LPAREN> id = SimpleIdentifier() { list.add(id); }
                ( <COMMA> id = SimpleIdentifier() { list.add(id); } )*
                <RPAREN>
            |
                id = SimpleIdentifier() { list.add(id); }
            )
            { changes.add(StarMarks.EXCEPT.createCall(getPos(), list)); }
        |
            <REPLACE> { list = new ArrayList<SqlNode>(); }
            (
                <LPAREN> AddReplacement(list) ( <COMMA> AddReplacement(list) )* <RPAREN>
            |
                AddReplacement(list)
            )
            { changes.add(StarMarks.REPLACE.createCall(getPos(), list)); }
        |
            <APPLY>
            (
                <LPAREN> e = Applied() <RPAREN>
            |
                e = Applied()
            )
            { changes.add(StarMarks.APPLY.createCall(getPos(), e)); }
        )
    )*
    { return StarMarks.changed(star, changes); }
}

void AddReplacement(List<SqlNode> list) :
{
    final SqlNode e;
    final SqlIdentifier id;
}
{
    e = Expression(ExprContext.ACCEPT_SUB_QUERY) <AS> id = SimpleIdentifier()
    { list.add(SqlStdOperatorTable.AS.createCall(getPos(), e, id)); }
}

/** What is applied to each column: a function's name, f(parameters), or a lambda. */
SqlNode Applied() :
{
    final SqlNode e;
}
{
    (
        LOOKAHEAD(SimpleIdentifierOrList() <LAMBDA>)
        e = LambdaExpression()
    |
        LOOKAHEAD(SimpleIdentifier() <RPAREN>)
        e = SimpleIdentifier()
    |
        e = Expression(ExprContext.ACCEPT_SUB_QUERY)
    )
    { return e; }
}

/** A table, a table function or a subquery, with alias, FINAL and SAMPLE. */
SqlNode TableRef3(ExprContext exprContext, boolean lateral) :
{
    SqlIdentifier tableName;
    SqlNode tableRef;
    final SqlIdentifier alias;
    SqlNodeList columns = null;
    final SqlNodeList args;
    final Span s;
    SqlUnnestOperator unnestOp = SqlStdOperatorTable.UNNEST;
}
{
    (
        LOOKAHEAD({ Lexis.queryViewAhead(this) })
        <VIEW> tableRef = ParenthesizedExpression(ExprContext.ACCEPT_QUERY)
    |
        LOOKAHEAD(( <VALUES> | <NULL> ) <LPAREN>)
        ( <VALUES> | <NULL> )
        { tableName = new SqlIdentifier(getToken(0).image.toLowerCase(Locale.ROOT), getPos()); }
        tableRef = ImplicitTableFunctionCallArgs(tableName)
    |
        LOOKAHEAD(2)
        tableName = CompoundTableIdentifier()
        (
            tableRef = ImplicitTableFunctionCallArgs(tableName)
        |
            { tableRef = Trees.table(tableName); }
        )
    |
        LOOKAHEAD(2)
        [ <LATERAL> { lateral = true; } ]
        tableRef = ParenthesizedExpression(exprContext)
        { tableRef = addLateral(tableRef, lateral); }
    |
        [ <LATERAL> ]
        <UNNEST> { s = span(); }
        args = ParenthesizedQueryOrCommaList(ExprContext.ACCEPT_SUB_QUERY)
        [
            LOOKAHEAD(2)
            <WITH> <ORDINALITY> { unnestOp = SqlStdOperatorTable.UNNEST_WITH_ORDINALITY; }
        ]
        { tableRef = unnestOp.createCall(s.end(this), args.getList()); }
    )
    FinalOpt()
    [
        LOOKAHEAD([ <AS> ] SimpleIdentifier(), { !Lexis.beginsClause(getToken(1)) })
        [ <AS> ] alias = SimpleIdentifier()
        [ columns = ParenthesizedSimpleIdentifierList() ]
        { tableRef = Trees.aliasTable(tableRef, alias, columns, getPos()); }
    ]
    FinalOpt()
    [ LOOKAHEAD(1) <SAMPLE> tableRef = Sample(tableRef) ]
    { return tableRef; }
}

/** Behind SAMPLE: a share or a number of rows, and what share to begin at. */
SqlNode Sample(SqlNode table) :
{
    final BigDecimal share;
    BigDecimal offset = BigDecimal.ZERO;
    final Span s;
}
{
    { s = span(); }
    share = Ratio()
    [ LOOKAHEAD(1) <OFFSET> offset = Ratio() ]
    { return OrderMarks.sample(table, share, offset, s.end(this)); }
}

BigDecimal Ratio() :
{
    BigDecimal a;
    BigDecimal b;
}
{
    a = PlainNumber()
    [ LOOKAHEAD(1) <SLASH> b = PlainNumber() { a = OrderMarks.ratio(a, b, getPos()); } ]
    { return a; }
}

BigDecimal PlainNumber() :
{
}
{
    ( <UNSIGNED_INTEGER_LITERAL> | <DECIMAL_NUMERIC_LITERAL> | <APPROX_NUMERIC_LITERAL> )
    { return new BigDecimal(getToken(0).image); }
}

void FinalOpt() :
{
}
{
    [ LOOKAHEAD(1) <FINAL> { state.settings.put("final", "1"); } ]
}

SqlNode JoinTable(SqlNode e) :
{
    final SqlLiteral natural;
    final JoinWords words;
    final SqlNode right;
    SqlNode condition = null;
    SqlNode match = null;
    SqlNodeList using = null;
    final List<SqlNode> arrays = new ArrayList<SqlNode>();
}
{
    LOOKAHEAD([ <LEFT> | <INNER> ] <ARRAY>)
    { words = new JoinWords(); }
    [ <LEFT> { words.add("LEFT"); } | <INNER> ] <ARRAY> <JOIN>
    AddSelectItem(arrays)
    ( LOOKAHEAD(2) <COMMA> AddSelectItem(arrays) )*
    { return OrderMarks.arrayJoin(e, arrays, words.isLeft(), getPos()); }
|
    natural = Natural()
    words = JoinWords()
    right = TableRef1(ExprContext.ACCEPT_QUERY_OR_JOIN)
    [
        LOOKAHEAD(1)
        [ <MATCH_CONDITION> match = Expression(ExprContext.ACCEPT_SUB_QUERY) ]
        <ON> condition = Expression(ExprContext.ACCEPT_SUB_QUERY)
    |
        LOOKAHEAD(1)
        <USING>
        (
            using = ParenthesizedSimpleIdentifierList()
        |
            { using = new SqlNodeList(getPos()); }
            AddUsing(using)
            ( LOOKAHEAD(2) <COMMA> AddUsing(using) )*
        )
    ]
    { return words.join(e, natural, right, condition, match, using, getPos()); }
}

void AddUsing(SqlNodeList using) :
{
    final SqlIdentifier id;
}
{
    id = SimpleIdentifier() { using.add(id); }
}

JoinWords JoinWords() :
{
    final JoinWords words = new JoinWords();
}
{
    (
        (
            <INNER> | <LEFT> | <RIGHT> | <FULL> | <CROSS> | <OUTER> | <ANY> | <ALL> | <ASOF>
        |   <SEMI> | <ANTI> | <GLOBAL> | <PASTE>
        )
        { words.add(getToken(0).image); }
    )*
    <JOIN>
    { words.place(getPos()); return words; }
}

SqlNodeList GroupBy() :
{
    List<SqlNode> list = new ArrayList<SqlNode>();
    SqlOperator set = null;
    final Span s;
}
{
    <GROUP> { s = span(); }
    <BY>
    (
        <ALL> { list.add(Selects.GROUP_BY_ALL); }
    |
        list = GroupingElementList()
    )
    (
        LOOKAHEAD(2)
        <WITH>
        (
            <ROLLUP> { set = SqlStdOperatorTable.ROLLUP; }
        |
            <CUBE> { set = SqlStdOperatorTable.CUBE; }
        |
            <TOTALS> { state.totals(); set = null; }
        )
        { list = set == null ? list : new ArrayList<SqlNode>(Collections.singletonList(set.createCall(s.end(this), list))); }
    )*
    { return new SqlNodeList(list, s.end(this)); }
}

/** ORDER BY, LIMIT BY, LIMIT, OFFSET, FETCH and SETTINGS behind a query; nothing behind an expression. */
SqlNode OrderByLimitOpt(SqlNode e) :
{
    SqlNodeList orderBy = null;
    final Limits limits = new Limits();
    SqlNode n;
    SqlNode m;
    SqlNodeList by;
}
{
    [ LOOKAHEAD({ getToken(1).kind == ORDER && e.isA(SqlKind.QUERY) }) orderBy = OrderBy(true) ]
    (
        <LIMIT>
        (
            <ALL>
        |
            n = LimitNumber() { m = null; }
            [
                <COMMA> m = LimitNumber() { SqlNode swap = n; n = m; m = swap; }
            |
                LOOKAHEAD(1)
                <OFFSET> m = LimitNumber()
            ]
            (
                <BY> by = ExpressionCommaList(span(), ExprContext.ACCEPT_SUB_QUERY) {
                    limits.by(n, m, by);
                }
            |
                { limits.fetch(n, m); }
                [ LOOKAHEAD(2) <WITH> <TIES> { limits.withTies(); } ]
            )
        )
    |
        <OFFSET> n = LimitNumber() { limits.offset(n); } [ LOOKAHEAD(1) ( <ROW> | <ROWS> ) ]
    |
        <FETCH> ( <FIRST> | <NEXT> ) n = LimitNumber() { limits.fetch(n, null); } ( <ROW> | <ROWS> )
        ( <ONLY> | <WITH> <TIES> { limits.withTies(); } )
    )*
    [ LOOKAHEAD(1) <SETTINGS> SettingList(state.settings) ]
    { return Selects.finish(state, e, orderBy, limits, getPos()); }
}

/** ORDER BY items, and behind them INTERPOLATE. */
void OrderItemList(List<SqlNode> list) :
{
    final List<SqlNode> columns = new ArrayList<SqlNode>();
}
{
    AddOrderItem(list)
    (
        LOOKAHEAD(2) <COMMA> AddOrderItem(list)
    )*
    [
        LOOKAHEAD(1) <INTERPOLATE>
        [
            LOOKAHEAD(1) <LPAREN>
            [ AddInterpolation(columns) ( <COMMA> AddInterpolation(columns) )* ]
            <RPAREN>
        ]
        { list.add(OrderMarks.INTERPOLATE.createCall(getPos(), columns)); }
    ]
}

void AddInterpolation(List<SqlNode> columns) :
{
    final SqlIdentifier column;
    SqlNode e;
}
{
    column = SimpleIdentifier() { e = column; }
    [ <AS> e = Expression(ExprContext.ACCEPT_SUB_QUERY) ]
    { columns.add(SqlStdOperatorTable.AS.createCall(getPos(), e, column)); }
}

void AddOrderItem(List<SqlNode> list) :
{
    SqlNode e;
    SqlNode from = null;
    SqlNode to = null;
    SqlNode step = null;
    SqlNode staleness = null;
    final SqlIdentifier alias;
    final String language;
}
{
    (
        <ALL> { e = Selects.ORDER_BY_ALL; }
    |
        e = Expression(ExprContext.ACCEPT_SUB_QUERY)
    )
    [ <AS> alias = SimpleIdentifier() { state.alias(alias.getSimple(), e); } ]
    [
        ( <ASC> | <DESC> { e = SqlStdOperatorTable.DESC.createCall(getPos(), e); } )
    ]
    [
        LOOKAHEAD(2)
        <NULLS> <FIRST> { e = SqlStdOperatorTable.NULLS_FIRST.createCall(getPos(), e); }
    |
        <NULLS> <LAST> { e = SqlStdOperatorTable.NULLS_LAST.createCall(getPos(), e); }
    ]
    [ LOOKAHEAD(1) <COLLATE> language = SimpleStringLiteral() { e = OrderMarks.collate(e, language, getPos()); } ]
    [
        LOOKAHEAD(2)
        <WITH> <FILL>
        [ LOOKAHEAD(1) <FROM> from = Expression(ExprContext.ACCEPT_SUB_QUERY) ]
        [ LOOKAHEAD(1) <TO> to = Expression(ExprContext.ACCEPT_SUB_QUERY) ]
        [ LOOKAHEAD(1) <STEP> step = Expression(ExprContext.ACCEPT_SUB_QUERY) ]
        [ LOOKAHEAD(1) <STALENESS> staleness = Expression(ExprContext.ACCEPT_SUB_QUERY) ]
        { e = OrderMarks.fill(e, from, to, step, staleness, getPos()); }
    ]
    { list.add(e); }
}

SqlNode LimitNumber() :
{
    final SqlNode n;
}
{
    <MINUS> n = UnsignedNumericLiteralOrParam() { return Limits.negative(n); }
|
    n = UnsignedNumericLiteralOrParam() { return n; }
}

void SettingList(Map<String, String> settings) :
{
}
{
    AddSetting(settings)
    ( LOOKAHEAD(2) <COMMA> AddSetting(settings) )*
}

void AddSetting(Map<String, String> settings) :
{
    final SqlIdentifier name;
    String value = "1";
}
{
    name = CompoundIdentifier()
    [ LOOKAHEAD(1) <EQ> value = SettingValue() ]
    { settings.put(name.toString(), value); }
}

String SettingValue() :
{
    final String s;
    String sign = "";
}
{
    s = SimpleStringLiteral() { return s; }
|
    [ <MINUS> { sign = "-"; } | <PLUS> ]
    (
        <UNSIGNED_INTEGER_LITERAL>
    |   <DECIMAL_NUMERIC_LITERAL>
    |   <APPROX_NUMERIC_LITERAL>
    )
    { return sign + getToken(0).image; }
|
    ( <TRUE> | <FALSE> | <NULL> ) { return getToken(0).image.toLowerCase(Locale.ROOT); }
|
    s = Identifier() { return s; }
}
