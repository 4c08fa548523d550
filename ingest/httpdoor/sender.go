package httpdoor

import (
	"errors"
	"net/http"
	"net/netip"

	"presage"
)

// sender is who sent a request.
type sender struct {
	name string      // for counting: "vehicle VIN", "gateway NAME" or "operator"
	vin  presage.VIN // the only one it speaks for; "" for any
}

// sender tells who sent r.
func (d *Door) sender(r *http.Request, operator func(*http.Request) error) (sender, *answer) {
	user, password, basic := r.BasicAuth()
	if !basic {
		const want = "send a vehicle's VIN and secret, or a gateway's account, by HTTP Basic, " +
			"or Authorization: Bearer with a key"
		return sender{name: "operator"}, keptOut(operator(r), want)
	}
	if vin, err := presage.ParseVIN(user); err == nil {
		err := d.cfg.Lock.Password(r.Context(), vin, presage.Secret(password), source(r))
		return sender{name: "vehicle " + string(vin), vin: vin}, keptOut(err, wrongAccount)
	}
	for _, g := range d.cfg.Gateways {
		if presage.Secret(user).Equal(presage.Secret(g.Username)) && presage.Secret(password).Equal(g.Password) {
			return sender{name: "gateway " + g.Username}, nil
		}
	}
	return sender{}, unauthorized(wrongAccount)
}

// keptOut is the answer to who may not send because of err; nil lets in.
func keptOut(err error, why string) *answer {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, presage.ErrUnavailable):
		return later("credentials cannot be checked now", retryHeld)
	case errors.Is(err, presage.ErrThrottled):
		return tooMany("too many wrong passwords or keys: try again later")
	}
	return unauthorized(why)
}

// wrongAccount is one text for all reasons: nobody learns which VINs are known.
const wrongAccount = "wrong user name or password: want a VIN with its secret (presage vehicles provision), " +
	"or an account of mqtt.gateways"

// source is the address that r came from, the zero one when it has none.
func source(r *http.Request) netip.Addr {
	if at, err := netip.ParseAddrPort(r.RemoteAddr); err == nil {
		return at.Addr().Unmap()
	}
	return netip.Addr{}
}
