"""What the DAG files beside this folder share. It holds no DAG: a file is named as its DAG."""
