package door

import (
	"context"
	"errors"
	"os"
	"time"

	"presage/internal/throttle"
)

// disconnected ends the connection; MQTT 5 clients may ask for their will, or for
// another expiry of their session.
func (c *conn) disconnected(body []byte) error {
	if c.version == mqtt5 && len(body) > 0 {
		reason, expiry, err := parseDisconnect5(body)
		if err != nil {
			return err
		}
		if expiry != nil && c.session.lifetime() > 0 {
			c.session.extend(min(*expiry, c.server.cfg.SessionExpiry))
			if *expiry == 0 { // before the connection closes: who comes back at once must not find it
				c.server.keepSession(context.WithoutCancel(c.ctx), c.session)
			}
		}
		if reason != reasonSuccess { // 0x04 asks for the will, others tell of a fault (MQTT 5, section 3.14.4)
			return errors.New("the client disconnected and asked for its will")
		}
	}
	c.will = nil
	return errDisconnected
}

// end closes the connection from our side.
func (c *conn) end(why *protocolError) {
	c.ending.Do(func() {
		c.reason.Store(why)
		if c.version == mqtt5 {
			c.out.send(disconnect5(why.reason))
		}
		c.cancel()
		_ = c.nc.SetReadDeadline(time.Unix(1, 0))
	})
}

var errStopping = errors.New("the service stops")

// finish ends a connection after its last read.
func (c *conn) finish(err error) {
	if c.server.stopping.Load() && c.session != nil && c.reason.Load() == nil {
		return // what is on its way is still acknowledged; Close closes
	}
	c.report(err)
	c.close()
	c.delivery.end()
	if c.session != nil {
		c.server.leave(context.WithoutCancel(c.ctx), c)
	}
	if c.will != nil && !errors.Is(err, errDisconnected) {
		c.server.publishWill(c.session, c.user, *c.will)
	}
}

// close writes what is to be written and closes.
func (c *conn) close() {
	c.out.drain(2 * time.Second)
	_ = c.nc.Close()
}

// report tells a client of MQTT 5 and the log why we end the connection.
func (c *conn) report(err error) {
	if c.reason.Load() != nil || err == nil {
		return
	}
	broken, ok := errors.AsType[*protocolError](err)
	switch {
	case ok:
	case errors.Is(err, errMalformed):
		broken = &protocolError{reasonMalformed, err.Error()}
	case errors.Is(err, os.ErrDeadlineExceeded) && c.session != nil:
		broken = &protocolError{reasonKeepAlive, "nothing came for 1.5 times the keep-alive"}
	default:
		return // the client or the network ended it
	}
	c.server.metrics.broken.Inc()
	c.server.cfg.Logger.Debug("mqtt: connection ended", "reason", broken.text,
		"client", c.user.name(), "remote", throttle.Network(c.from))
	if c.version == mqtt5 && c.session != nil {
		c.out.send(disconnect5(broken.reason))
	}
}
