// Command cert-manager is cert-manager's controller, cainjector, webhook and ACME solver in one program, by its
// first argument. Upstream's main packages are modules of their own that no module proxy has; these start the same
// packages in the same way, with the flags that upstream's chart passes. Leader election is left out: one runs here.
package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/spf13/pflag"

	"github.com/cert-manager/cert-manager/internal/webhook"
	"github.com/cert-manager/cert-manager/pkg/issuer/acme/http/solver"
	"github.com/cert-manager/cert-manager/pkg/logs"
	"github.com/cert-manager/cert-manager/pkg/util/configfile"
	"github.com/cert-manager/cert-manager/pkg/util/feature"
	webhookconfigfile "github.com/cert-manager/cert-manager/pkg/webhook/configfile"
	webhookoptions "github.com/cert-manager/cert-manager/pkg/webhook/options"
)

var commands = map[string]func(context.Context, []string) error{
	"controller": runController,
	"cainjector": runCAInjector,
	"webhook":    runWebhook,
	"acmesolver": runSolver,
}

func main() {
	name := ""
	if len(os.Args) > 1 {
		name = os.Args[1]
	}
	run, known := commands[name]
	if !known {
		fmt.Fprintln(os.Stderr, "usage: cert-manager controller|cainjector|webhook|acmesolver [flags]")
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	logs.InitLogs()
	ctx = logs.NewContext(ctx, logs.Log, name)
	if err := run(ctx, os.Args[2:]); err != nil && !errors.Is(err, context.Canceled) {
		fmt.Fprintf(os.Stderr, "cert-manager %s: %v\n", name, err)
		os.Exit(1)
	}
}

// parse reads the flags, then the file that they name, and the flags again, which win: upstream's order.
// `load` takes what the file holds into the configuration that the flags are bound to.
func parse(flags *pflag.FlagSet, args []string, file *string, config configfile.ConfigFile, load func()) error {
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *file == "" {
		return nil
	}
	path, err := filepath.Abs(*file)
	if err != nil {
		return err
	}
	loader, err := configfile.NewConfigurationFSLoader(nil, path)
	if err != nil {
		return err
	}
	if err := loader.Load(config); err != nil {
		return err
	}
	load()
	return flags.Parse(args)
}

func runWebhook(ctx context.Context, args []string) error {
	config, err := webhookoptions.NewWebhookConfiguration()
	if err != nil {
		return err
	}
	flags, file := pflag.NewFlagSet("webhook", pflag.ContinueOnError), webhookoptions.NewWebhookFlags()
	file.AddFlags(flags)
	webhookoptions.AddConfigFlags(flags, config)
	fromFile := webhookconfigfile.New()
	load := func() { fromFile.Config.DeepCopyInto(config) }
	if err := parse(flags, args, &file.Config, fromFile, load); err != nil {
		return err
	}
	if err := feature.DefaultMutableFeatureGate.SetFromMap(config.FeatureGates); err != nil {
		return err
	}
	server, err := webhook.NewCertManagerWebhookServer(logs.FromContext(ctx), *config)
	if err != nil {
		return err
	}
	return server.Run(ctx)
}

func runSolver(ctx context.Context, args []string) error {
	s := new(solver.HTTP01Solver)
	flags := pflag.NewFlagSet("acmesolver", pflag.ContinueOnError)
	flags.IntVar(&s.ListenPort, "listen-port", 8089, "")
	flags.StringVar(&s.Domain, "domain", "", "")
	flags.StringVar(&s.Token, "token", "", "")
	flags.StringVar(&s.Key, "key", "", "")
	if err := flags.Parse(args); err != nil {
		return err
	}
	go func() {
		<-ctx.Done()
		end, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		_ = s.Shutdown(end)
	}()
	if err := s.Listen(logs.FromContext(ctx)); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
