package sqlstore

import (
	"context"
	"database/sql/driver"
	"strings"
)

// keptStatements is how many compiled statements a connection to a SQLite file
// keeps, and keptText how long one may be. Together they are a few megabytes.
const (
	keptStatements = 128
	keptText       = 8 << 10
)

// keeper connects to a SQLite file. Its connections keep what they compiled:
// that takes longer than most of our statements run. PostgreSQL's driver does so
// by itself.
type keeper struct{ driver.Connector }

// Connect makes a connection that keeps statements.
func (k keeper) Connect(ctx context.Context) (driver.Conn, error) {
	c, err := k.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	whole, ok := c.(fileConn)
	if !ok {
		return c, nil
	}
	return &keptConn{fileConn: whole, idle: map[string]keptStmt{}}, nil
}

// fileConn is what the driver's connections can do.
type fileConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// fileStmt is what its statements can do.
type fileStmt interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

// keptConn is used by one goroutine at a time, as every connection. A statement
// that runs is not among the idle ones, so that it may run within its own rows.
type keptConn struct {
	fileConn
	idle map[string]keptStmt
	used int // statements given back so far
}

type keptStmt struct {
	fileStmt
	last int // when it was given back
}

// Close ends the statements, then the connection.
func (c *keptConn) Close() error {
	for _, s := range c.idle {
		_ = s.Close() // the connection says the same
	}
	clear(c.idle)
	return c.fileConn.Close()
}

// PrepareContext compiles a statement, or hands out one that is compiled.
func (c *keptConn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	s, err := c.take(ctx, query)
	if err != nil {
		return nil, err
	}
	return &lentStmt{fileStmt: s, of: c, query: query}, nil
}

// ExecContext runs a statement that answers nothing.
func (c *keptConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	if !keeps(query) {
		return c.fileConn.ExecContext(ctx, query, args)
	}
	s, err := c.take(ctx, query)
	if err != nil {
		return nil, err
	}
	r, err := s.ExecContext(ctx, args)
	if err != nil {
		_ = s.Close() // repeats err
		return nil, err
	}
	return r, c.give(query, s)
}

// QueryContext runs a statement that answers with rows.
func (c *keptConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	if !keeps(query) {
		return c.fileConn.QueryContext(ctx, query, args)
	}
	s, err := c.take(ctx, query)
	if err != nil {
		return nil, err
	}
	rows, err := s.QueryContext(ctx, args)
	if err != nil {
		_ = s.Close() // repeats err
		return nil, err
	}
	return &lentRows{Rows: rows, of: lentStmt{fileStmt: s, of: c, query: query}}, nil
}

// take returns an idle statement of this text, or compiles one.
func (c *keptConn) take(ctx context.Context, query string) (fileStmt, error) {
	if s, ok := c.idle[query]; ok {
		delete(c.idle, query)
		return s.fileStmt, nil
	}
	s, err := c.fileConn.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	whole, ok := s.(fileStmt)
	if !ok {
		_ = s.Close() // it is of no use
		return nil, driver.ErrSkip
	}
	return whole, nil
}

// give keeps a statement for the next use, in the place of the one that was not
// used for longest.
func (c *keptConn) give(query string, s fileStmt) error {
	if _, twice := c.idle[query]; twice || !keeps(query) {
		return s.Close()
	}
	if len(c.idle) >= keptStatements {
		oldest := ""
		for text, other := range c.idle {
			if oldest == "" || other.last < c.idle[oldest].last {
				oldest = text
			}
		}
		_ = c.idle[oldest].Close() // says what its last run said
		delete(c.idle, oldest)
	}
	c.used++
	c.idle[query] = keptStmt{fileStmt: s, last: c.used}
	return nil
}

// keeps tells whether a statement is worth keeping: what reads and writes rows is,
// what changes the schema or the connection runs once.
func keeps(query string) bool {
	verb := strings.TrimSpace(query)
	if end := strings.IndexAny(verb, " \t\r\n"); end > 0 {
		verb = verb[:end]
	}
	switch strings.ToUpper(verb) {
	case "SELECT", "INSERT", "UPDATE", "DELETE", "WITH":
		return len(query) <= keptText
	}
	return false
}

// lentStmt is given back when it is closed.
type lentStmt struct {
	fileStmt
	of    *keptConn
	query string
}

// Close gives the statement back.
func (s *lentStmt) Close() error { return s.of.give(s.query, s.fileStmt) }

// lentRows give their statement back when they are closed.
type lentRows struct {
	driver.Rows
	of lentStmt
}

// Close ends the rows. A statement whose rows end with an error is not kept.
func (r *lentRows) Close() error {
	if err := r.Rows.Close(); err != nil {
		_ = r.of.fileStmt.Close() // repeats err
		return err
	}
	return r.of.Close()
}
