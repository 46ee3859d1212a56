import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.apache.hadoop.yarn.server.MiniYARNCluster;

/**
 * HDFS with one data node and YARN with one node manager, in one process on this machine.
 *
 * Arguments: the folder of the data, and the folder that gets the configuration of clients. When both systems answer, a file
 * `ready` with the address of HDFS appears in the second.
 */
public class MiniCluster {
  public static void main(String[] args) throws Exception {
    Path data = Path.of(args[0]);
    Path clients = Path.of(args[1]);
    Files.createDirectories(clients);
    YarnConfiguration conf = new YarnConfiguration();
    conf.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, data.resolve("dfs").toString());
    conf.set("dfs.namenode.rpc-bind-host", "127.0.0.1");
    conf.setInt("dfs.replication", 1);
    MiniDFSCluster dfs = new MiniDFSCluster.Builder(conf).numDataNodes(1).build();
    dfs.waitActive();
    String address = dfs.getFileSystem().getUri().toString();
    conf.set("fs.defaultFS", address);
    startYarn(conf, data);

    Configuration core = new Configuration(false);
    core.set("fs.defaultFS", address);
    // When the cluster is killed, what ran on it must not wait half a minute for its return.
    core.setInt("ipc.client.connect.max.retries", 2);
    core.setInt("ipc.client.connect.retry.interval", 500);
    write(core, clients.resolve("core-site.xml"));
    // Its class is not among the jars of clients.
    conf.unset("net.topology.node.switch.mapping.impl");
    core.forEach(entry -> conf.set(entry.getKey(), entry.getValue()));
    conf.setInt("yarn.resourcemanager.connect.max-wait.ms", 1000);
    conf.setInt("yarn.resourcemanager.connect.retry-interval.ms", 500);
    write(conf, clients.resolve("yarn-site.xml"));
    Files.writeString(clients.resolve("starting"), address);
    Files.move(clients.resolve("starting"), clients.resolve("ready"));
    Thread.currentThread().join();
  }

  private static void startYarn(YarnConfiguration conf, Path data) throws Exception {
    // A machine for tests: what its disk and its memory look like must not keep a job from running.
    conf.setBoolean("yarn.nodemanager.vmem-check-enabled", false);
    conf.setBoolean("yarn.nodemanager.pmem-check-enabled", false);
    conf.set("yarn.nodemanager.disk-health-checker.max-disk-utilization-per-disk-percentage", "99.0");
    conf.setInt("yarn.nodemanager.resource.memory-mb", 4096);
    conf.setInt("yarn.nodemanager.resource.cpu-vcores", 8);
    conf.setInt("yarn.scheduler.minimum-allocation-mb", 128);
    conf.set("yarn.scheduler.capacity.maximum-am-resource-percent", "0.9");
    conf.set("yarn.scheduler.capacity.root.queues", "default");
    conf.set("yarn.scheduler.capacity.root.default.capacity", "100");
    conf.set("yarn.nodemanager.log-dirs", data.resolve("logs").toString());
    MiniYARNCluster yarn = new MiniYARNCluster("sluice", 1, 1, 1);
    yarn.init(conf);
    yarn.start();
    yarn.waitForNodeManagersToConnect(20_000);
    yarn.getConfig().forEach(entry -> conf.set(entry.getKey(), entry.getValue()));
  }

  private static void write(Configuration conf, Path file) throws Exception {
    try (OutputStream out = Files.newOutputStream(file)) {
      conf.writeXml(out);
    }
  }
}
