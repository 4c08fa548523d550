package natstest

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"presage/internal/procs"
)

// Cluster is three nodes, each with JetStream, which syncs every write, and an MQTT
// gateway whose streams have three replicas.
type Cluster struct {
	dir   string
	nodes []node
}

type node struct {
	client, mqtt, route, monitor string
	proc                         *procs.Proc
}

// patience bounds a node's catching up on a busy machine.
const patience = 2 * time.Minute

// find is the path of nats-server: PRESAGE_NATS_SERVER, on the PATH, or where
// `make deps` puts it; else an ErrNotFound.
func find() (string, error) {
	return procs.Find("nats-server", "PRESAGE_NATS_SERVER", "nats-server-*")
}

// launchAll starts a cluster that keeps its messages in dir. settings are more
// lines of each node's configuration, such as its users.
func launchAll(ctx context.Context, dir string, settings ...string) (*Cluster, error) {
	c := &Cluster{dir: dir, nodes: make([]node, 3)}
	var routes []string
	for i := range c.nodes {
		n := &c.nodes[i]
		for _, address := range []*string{&n.client, &n.mqtt, &n.route, &n.monitor} {
			var err error
			if *address, err = procs.FreeAddress(ctx); err != nil {
				return nil, err
			}
		}
		routes = append(routes, "nats://"+n.route)
	}
	for i := range c.nodes {
		if err := os.WriteFile(c.config(i), []byte(c.text(i, routes, settings)), 0o600); err != nil {
			return nil, fmt.Errorf("configure nats-server: %w", err)
		}
		if err := c.launch(i); err != nil {
			c.Stop()
			return nil, err
		}
	}
	for i := range c.nodes {
		if err := c.Await(ctx, i); err != nil {
			c.Stop()
			return nil, err
		}
	}
	return c, nil
}

func (c *Cluster) config(i int) string { return filepath.Join(c.dir, fmt.Sprintf("nats-%d.conf", i)) }

func (c *Cluster) text(i int, routes, settings []string) string {
	n := c.nodes[i]
	return fmt.Sprintf(`server_name: n%d
listen: %q
http: %q
jetstream { store_dir: %q, sync_interval: always }
cluster { name: presage, listen: %q, routes: [%s] }
mqtt { listen: %q, stream_replicas: 3 }
`, i, n.client, n.monitor, filepath.Join(c.dir, fmt.Sprintf("n%d", i)), n.route,
		strings.Join(routes, ", "), n.mqtt) + strings.Join(append(settings, ""), "\n")
}

// launch starts a node, which needs another one before it is ready.
func (c *Cluster) launch(i int) error {
	binary, err := find()
	if err != nil {
		return err
	}
	c.nodes[i].proc, err = procs.Start(binary, nil, "-c", c.config(i))
	return err
}

// Await waits for a node whose part of JetStream is up to date.
func (c *Cluster) Await(ctx context.Context, i int) error {
	healthy := procs.Answers("http://"+c.nodes[i].monitor+"/healthz", http.StatusOK)
	return c.nodes[i].proc.Await(ctx, patience, healthy)
}

// Restart kills a node with kill -9 and starts it again; it returns before the
// node is ready.
func (c *Cluster) Restart(i int) error {
	c.nodes[i].proc.Kill()
	return c.launch(i)
}

// Clients are where programs connect, nats://127.0.0.1:PORT.
func (c *Cluster) Clients() (out []string) {
	for _, n := range c.nodes {
		out = append(out, "nats://"+n.client)
	}
	return out
}

// Gateways are where MQTT clients connect, HOST:PORT.
func (c *Cluster) Gateways() (out []string) {
	for _, n := range c.nodes {
		out = append(out, n.mqtt)
	}
	return out
}

// Stop kills all nodes.
func (c *Cluster) Stop() {
	for _, n := range c.nodes {
		if n.proc != nil {
			n.proc.Kill()
		}
	}
}
