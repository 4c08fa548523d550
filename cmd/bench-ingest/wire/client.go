package wire

import (
	"bufio"
	"cmp"
	"context"
	"encoding/binary"
	"fmt"
	"net"
	"strings"
	"time"

	"presage"
)

// Login is who connects. An empty Username connects anonymously.
type Login struct {
	ClientID, Username, Password string
	KeepAlive                    time.Duration // at most 18 h; whoever publishes less often must say so
	// Buffer is how many bytes of acknowledgements are read at once; default 64,
	// as ten thousand idle vehicles have one each.
	Buffer int
}

// Client is one connection. Write is for one goroutine at a time, ReadAck for another.
type Client struct {
	conn net.Conn
	r    *bufio.Reader
	id   uint16
}

// Dial connects to broker, "tcp://HOST:PORT", within a minute. A refused
// login is an ErrForbidden.
func Dial(ctx context.Context, broker string, l Login) (*Client, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", strings.TrimPrefix(broker, "tcp://"))
	if err != nil {
		return nil, fmt.Errorf("mqtt broker %s: %w: %w", broker, presage.ErrUnavailable, err)
	}
	c := &Client{conn: conn, r: bufio.NewReaderSize(conn, cmp.Or(l.Buffer, 64))}
	if err := c.login(ctx, l); err != nil {
		_ = conn.Close() // the first error is the one to tell
		return nil, fmt.Errorf("mqtt broker %s: %w", broker, err)
	}
	return c, nil
}

func (c *Client) login(ctx context.Context, l Login) error {
	if deadline, ok := ctx.Deadline(); ok {
		if err := c.conn.SetDeadline(deadline); err != nil {
			return err
		}
	}
	packet := AppendConnect(nil, l.ClientID, l.Username, l.Password, uint16(l.KeepAlive/time.Second))
	if _, err := c.conn.Write(packet); err != nil {
		return fmt.Errorf("connect: %w: %w", presage.ErrUnavailable, err)
	}
	kind, body, err := readPacket(c.r)
	switch {
	case err != nil:
		return fmt.Errorf("connect: %w: %w", presage.ErrUnavailable, err)
	case kind != typeConnAck:
		return fmt.Errorf("connect: %w: packet type %d instead of CONNACK", presage.ErrInvalid, kind>>4)
	case body[1] != 0:
		return fmt.Errorf("connect: %w: the broker answers %d", presage.ErrForbidden, body[1])
	}
	return c.conn.SetDeadline(time.Time{})
}

// NextID is the packet identifier of the next message; each is used once in a cycle of 65,535.
func (c *Client) NextID() uint16 {
	c.id = nextID(c.id)
	return c.id
}

// Write sends packets made by AppendPublish with identifiers of NextID.
func (c *Client) Write(packets []byte) error {
	if _, err := c.conn.Write(packets); err != nil {
		return fmt.Errorf("publish: %w: %w", presage.ErrUnavailable, err)
	}
	return nil
}

// ReadAck waits for the next PUBACK and returns the identifier it names.
func (c *Client) ReadAck() (uint16, error) {
	for {
		kind, body, err := readPacket(c.r)
		if err != nil {
			return 0, fmt.Errorf("wait for PUBACK: %w: %w", presage.ErrUnavailable, err)
		}
		if kind == typePubAck {
			return binary.BigEndian.Uint16(body[:]), nil
		}
	}
}

// AckAtHand tells whether ReadAck would return without waiting for the network.
func (c *Client) AckAtHand() bool { return c.r.Buffered() >= ackBytes }

// Close disconnects, within a second if the broker takes nothing any more. A
// ReadAck that waits returns with an error, a Write that is blocked too.
func (c *Client) Close() error {
	_ = c.conn.SetWriteDeadline(time.Now().Add(time.Second)) // fails only on a closed connection
	_, _ = c.conn.Write(AppendDisconnect(nil))               // a courtesy: the connection may be gone
	return c.conn.Close()
}
