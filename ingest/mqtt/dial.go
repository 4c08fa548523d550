package mqtt

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/url"

	paho "github.com/eclipse/paho.mqtt.golang"
	"golang.org/x/net/proxy"
)

// dial opens a connection as the library would: through the proxy of the
// environment (ALL_PROXY) if there is one.
func dial(ctx context.Context, u *url.URL, config *tls.Config, o paho.ClientOptions) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, o.ConnectTimeout)
	defer cancel()
	switch u.Scheme {
	case "ws":
		return paho.NewWebsocket(withoutUser(u), nil, o.ConnectTimeout, o.HTTPHeaders, o.WebsocketOptions)
	case "wss":
		return paho.NewWebsocket(withoutUser(u), config, o.ConnectTimeout, o.HTTPHeaders, o.WebsocketOptions)
	}
	conn, err := proxy.Dial(ctx, "tcp", u.Host)
	if err != nil || u.Scheme == "tcp" || u.Scheme == "mqtt" {
		return conn, err
	}
	if config = config.Clone(); config == nil {
		config = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	if config.ServerName == "" {
		config.ServerName = u.Hostname()
	}
	secured := tls.Client(conn, config)
	if err := secured.HandshakeContext(ctx); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return secured, nil
}
