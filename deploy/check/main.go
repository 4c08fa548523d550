// Command check reads the manifests of deploy/ as Kubernetes and Docker Compose
// would: kustomize builds them, every object is decoded strictly into the type of
// its API version (so an unknown, misspelt or misplaced field is a fault, as
// kubectl and kubeconform --strict find it), and the Compose files are held
// against the specification's schema, alone and merged. It asks no cluster, so
// it does not know what an admission controller refuses.
//
// A module of its own: the service does not depend on what is read here.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/compose-spec/compose-go/v2/cli"
	"k8s.io/apimachinery/pkg/runtime/serializer/json"
	"k8s.io/client-go/kubernetes/scheme"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
)

func main() {
	if err := check(os.Stdout, ".."); err != nil {
		fmt.Fprintln(os.Stderr, "check:", err)
		os.Exit(1)
	}
}

// check tells of all files below dir, and of all faults at once.
func check(w io.Writer, dir string) error {
	var faults []error
	overlays, err := filepath.Glob(filepath.Join(dir, "kubernetes", "*", "kustomization.yaml"))
	if err != nil {
		return err
	}
	if len(overlays) == 0 {
		faults = append(faults, fmt.Errorf("%s: no kustomization", dir))
	}
	for _, name := range overlays {
		objects, err := overlay(filepath.Dir(name))
		if err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", filepath.Dir(name), err))
			continue
		}
		fmt.Fprintf(w, "%s: %s\n", filepath.Dir(name), strings.Join(objects, ", "))
	}
	for _, files := range [][]string{
		{"compose.yaml"}, {"compose.yaml", "compose.broker.yaml"}, {"compose.yaml", "compose.nats.yaml"},
	} {
		services, err := compose(dir, files)
		if err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", strings.Join(files, " + "), err))
			continue
		}
		fmt.Fprintf(w, "%s: %s\n", strings.Join(files, " + "), strings.Join(services, ", "))
	}
	return errors.Join(faults...)
}

// overlay builds one kustomization and decodes what comes of it.
func overlay(dir string) (objects []string, err error) {
	built, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), dir)
	if err != nil {
		return nil, err
	}
	strict := json.NewSerializerWithOptions(json.DefaultMetaFactory, scheme.Scheme, scheme.Scheme,
		json.SerializerOptions{Yaml: true, Strict: true})
	var faults []error
	for _, r := range built.Resources() {
		text, err := r.AsYAML()
		if err != nil {
			return nil, err
		}
		name := r.GetKind() + " " + r.GetName()
		if _, _, err := strict.Decode(text, nil, nil); err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", name, err))
		}
		objects = append(objects, name)
	}
	return objects, errors.Join(faults...)
}

// compose reads files over each other; secrets have values that stand in for them.
func compose(dir string, files []string) (services []string, err error) {
	var paths []string
	for _, f := range files {
		paths = append(paths, filepath.Join(dir, f))
	}
	ctx := context.Background()
	options, err := cli.NewProjectOptions(paths, cli.WithName("presage"), cli.WithEnv(standIns(paths)))
	if err != nil {
		return nil, err
	}
	project, err := options.LoadProject(ctx)
	if err != nil {
		return nil, err
	}
	return project.ServiceNames(), nil
}

// standIns gives each variable that a file requires, ${NAME:?why}, a value.
func standIns(paths []string) (env []string) {
	for _, p := range paths {
		text, err := os.ReadFile(p)
		if err != nil {
			continue // LoadProject says so
		}
		for _, piece := range strings.Split(string(text), "${")[1:] {
			if name, _, ok := strings.Cut(piece, ":?"); ok && !strings.ContainsAny(name, "} \n") {
				env = append(env, name+"=stands-in-for-a-secret")
			}
		}
	}
	return env
}
